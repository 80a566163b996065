import type { Program } from '../../wire.ts';
import type { Network } from '../network.ts';
import type { Router } from '../pages/router.ts';
import type { ThemeSource } from '../render/theme.ts';
import type { Server } from '../server.ts';
import type { Settings } from '../settings.ts';
import type { Phone } from '../shell/phone.ts';
import { appVisibility } from './app-visibility.ts';
import { createCloud } from './cloud.ts';
import { deviceApis } from './device.ts';
import { interactionApis } from './interaction.ts';
import { navigationApis } from './navigation.ts';
import { openApis } from './open.ts';
import { paymentApis } from './payment.ts';
import { reportUnknown } from './refuse-unknown.ts';
import { storageApis } from './storage.ts';
import { subscribeMessageApis } from './subscribe-message.ts';
import { virtualPaymentApis } from './virtual-payment.ts';

export interface WxParts {
  readonly program: Program;
  readonly phone: Phone;
  readonly router: Router;
  readonly server: Server;
  readonly network: Network;
  readonly theme: ThemeSource;
  readonly settings: Settings;
  readonly assetUrl: (src: string, owner: string) => string;
  readonly launch: { readonly path: string; readonly query: Readonly<Record<string, string>> };
}

/** The phone's `wx`. An API that is not here is undefined, and its name is reported. */
export function createWx(parts: WxParts): Readonly<Record<string, unknown>> {
  const { program, phone, router, server, network, theme, settings, assetUrl, launch } = parts;
  const { shopper, platform, client } = settings;
  const visibility = appVisibility();
  const launchOptions = () => ({ ...launch, scene: 1001, referrerInfo: {} });
  const apis: Record<string, unknown> = {
    ...navigationApis(router, phone),
    ...interactionApis(phone, (src) => assetUrl(src, router.current()?.route ?? '')),
    ...storageApis({ appid: program.appid, openid: shopper.openid }),
    ...deviceApis({ platform, client, phone, theme, network }),
    ...paymentApis({ server, phone, network }),
    ...subscribeMessageApis({ server, phone, network }),
    ...(client === 'old' ? {} : virtualPaymentApis({ server, phone, network, platform, visibility })),
    ...visibility.apis,
    ...openApis({ phone, shopper, appid: program.appid, server, network }),
    cloud: createCloud(server, network),
    env: { USER_DATA_PATH: 'wxfile://usr' },
    getLaunchOptionsSync: launchOptions,
    getEnterOptionsSync: launchOptions,
    nextTick: (run: () => void) => void requestAnimationFrame(run),
    createSelectorQuery: () => router.current()?.caller.createSelectorQuery(),
    createIntersectionObserver: (component: Observing, options?: unknown) =>
      component.createIntersectionObserver(options),
    canIUse: (name: string) => canUse(apis, name),
  };
  return reportUnknown('wx', apis);
}

interface Observing {
  createIntersectionObserver(options?: unknown): unknown;
}

/** Only the API itself is answered for; of its options and return values (`showModal.object.editable`) all are known. */
function canUse(apis: Readonly<Record<string, unknown>>, name: string): boolean {
  const [first = ''] = name.split('.');
  return first in apis;
}
