import { allow } from '../shell/choice-sheet.ts';
import type { Phone } from '../shell/phone.ts';
import { api } from './api.ts';
import { fail, text } from './failure.ts';
import type { OwnStorage } from './own-storage.ts';

/** What a mini-program may ask a shopper for, and how WeChat puts it. */
const SCOPES: Readonly<Record<string, string>> = {
  'scope.userLocation': '获取你的位置信息',
  'scope.userFuzzyLocation': '获取你的模糊位置信息',
  'scope.writePhotosAlbum': '保存图片到你的相册',
  'scope.camera': '使用你的摄像头',
  'scope.record': '使用你的麦克风',
  'scope.bluetooth': '使用你的蓝牙',
  'scope.addPhoneContact': '添加到你的联系人',
  'scope.addPhoneCalendar': '添加到你的日历',
  'scope.werun': '获取你的微信运动步数',
};
/** They need no permission any more. */
const FREE = ['scope.userInfo', 'scope.address', 'scope.invoice', 'scope.invoiceTitle'];

export interface Permissions {
  readonly apis: Readonly<Record<string, unknown>>;
  /** Asks once; what was refused stays refused until the settings say otherwise. */
  require(scope: string): Promise<void>;
}

export function createPermissions({ phone, storage }: { phone: Phone; storage: OwnStorage }): Permissions {
  const settingOf = (scope: string) => (FREE.includes(scope) ? 'yes' : storage.get(scope));
  const ask = async (scope: string, words: string) => {
    const isAllowed = await allow(phone, { title: '小程序申请', text: words });
    storage.set(scope, isAllowed ? 'yes' : 'no');
    return isAllowed;
  };
  const require = async (scope: string) => {
    const words = SCOPES[scope];
    const setting = settingOf(scope);
    if (setting === 'yes') return;
    if (words === undefined) return fail('scope 需要传入有效值');
    if (setting === 'no' || !(await ask(scope, words))) fail('auth deny');
  };
  const authSetting = () =>
    Object.fromEntries(
      Object.keys(SCOPES).flatMap((scope) => {
        const setting = storage.get(scope);
        return setting === undefined ? [] : [[scope, setting === 'yes']];
      }),
    );
  return {
    require,
    apis: {
      authorize: api('authorize', (options) => require(text(options, 'scope'))),
      getSetting: api('getSetting', () => ({ authSetting: authSetting(), subscriptionsSetting: {} })),
      openSetting: api('openSetting', async () => {
        // What was asked for before is what the settings show, one question after another.
        for (const scope of Object.keys(authSetting())) await ask(scope, SCOPES[scope] ?? scope);
        return { authSetting: authSetting() };
      }),
    },
  };
}
