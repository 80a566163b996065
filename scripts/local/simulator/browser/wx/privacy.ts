import { allow } from '../shell/choice-sheet.ts';
import type { Phone } from '../shell/phone.ts';
import { createToast } from '../shell/toast.ts';
import { api } from './api.ts';
import { fail } from './failure.ts';
import type { OwnStorage } from './own-storage.ts';

const AGREED = 'privacy-agreed';
const CONTRACT = '《小程序用户隐私保护指引》';

type Resolve = (answer: { readonly event?: unknown; readonly buttonId?: unknown }) => void;
type Listener = (resolve: Resolve, info: { readonly referrer: string }) => void;

export interface Privacy {
  readonly apis: Readonly<Record<string, unknown>>;
  /** Waits until the shopper has agreed; what they do not agree to fails. */
  require(name: string): Promise<void>;
}

/**
 * The privacy rules of WeChat: a mini-program that declares what it collects (here: `__usePrivacyCheck__` in its app.json)
 * may not ask for anything private before the shopper has agreed once
 * (https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html).
 */
export function createPrivacy({
  phone,
  storage,
  isDeclared,
}: {
  phone: Phone;
  storage: OwnStorage;
  isDeclared: boolean;
}): Privacy {
  const toast = createToast(phone);
  let listener: Listener | undefined;
  let asking: Promise<boolean> | undefined;
  const isNeeded = () => isDeclared && storage.get(AGREED) === undefined;
  const ask = (referrer: string) => {
    asking ??= (listener ? askPage(listener, referrer) : askHere(phone)).finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const require = async (name: string) => {
    if (!isNeeded()) return;
    if (!(await ask(name))) fail('privacy permission is not authorized', { errno: 104 });
    storage.set(AGREED, '1');
  };
  return {
    require,
    apis: {
      getPrivacySetting: api('getPrivacySetting', () => ({
        needAuthorization: isNeeded(),
        privacyContractName: CONTRACT,
      })),
      requirePrivacyAuthorize: api('requirePrivacyAuthorize', () => require('requirePrivacyAuthorize')),
      onNeedPrivacyAuthorization(added: Listener) {
        listener = added;
      },
      openPrivacyContract: api('openPrivacyContract', () =>
        toast.show({ kind: 'toast', title: `本地模拟：${CONTRACT}`, icon: 'none', masked: false }),
      ),
    },
  };
}

/** The page shows its own words and answers; that its button was tapped is not checked here. */
function askPage(listener: Listener, referrer: string): Promise<boolean> {
  return new Promise((resolve) => {
    listener(
      ({ event }) => {
        if (event === 'agree' || event === 'disagree') resolve(event === 'agree');
      },
      { referrer },
    );
  });
}

function askHere(phone: Phone): Promise<boolean> {
  return allow(phone, {
    title: '用户隐私保护提示',
    text: `使用前请阅读并同意${CONTRACT}。`,
    yes: '同意',
  });
}
