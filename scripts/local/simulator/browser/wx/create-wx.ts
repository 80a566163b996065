import type { Program } from '../../wire.ts';
import { worldNow } from '../clock.ts';
import type { FileUrls } from '../files/file-urls.ts';
import type { PhoneFiles } from '../files/phone-files.ts';
import { USER_DATA_PATH } from '../files/phone-path.ts';
import type { Network } from '../network.ts';
import type { Router } from '../pages/router.ts';
import type { ThemeSource } from '../render/theme.ts';
import type { Server } from '../server.ts';
import type { Settings } from '../settings.ts';
import type { Phone } from '../shell/phone.ts';
import { createAnimation } from './animation.ts';
import { appVisibility } from './app-visibility.ts';
import { createInnerAudioContext } from './audio.ts';
import { BYTE_APIS } from './bytes.ts';
import { canvasApis } from './canvas.ts';
import { createCloud } from './cloud.ts';
import { deviceApis } from './device.ts';
import { fileSystemApis } from './file-system.ts';
import { interactionApis } from './interaction.ts';
import { mediaApis } from './media.ts';
import { navigationApis } from './navigation.ts';
import { openApis } from './open.ts';
import { ownStorage } from './own-storage.ts';
import { createReadPackage } from './package-files.ts';
import { paymentApis } from './payment.ts';
import { createPermissions } from './permissions.ts';
import { placeApis } from './places.ts';
import { createPrivacy } from './privacy.ts';
import { reportUnknown } from './refuse-unknown.ts';
import { requestApis } from './request.ts';
import { storageApis } from './storage.ts';
import { subscribeMessageApis } from './subscribe-message.ts';
import { createVideoContext } from './video-context.ts';
import { virtualPaymentApis } from './virtual-payment.ts';

export interface WxParts {
  readonly program: Program;
  readonly phone: Phone;
  readonly router: Router;
  readonly server: Server;
  readonly network: Network;
  readonly theme: ThemeSource;
  readonly settings: Settings;
  readonly files: PhoneFiles;
  readonly urls: FileUrls;
  readonly assetUrl: (src: string, owner: string) => string;
  readonly launch: { readonly path: string; readonly query: Readonly<Record<string, string>> };
}

/** The phone's `wx`. An API that is not here is undefined, and its name is reported. */
export function createWx(parts: WxParts): Readonly<Record<string, unknown>> {
  const { program, phone, router, server, network, theme, settings, assetUrl, launch } = parts;
  const { shopper, platform, client } = settings;
  const { files, urls } = parts;
  const assetUrlHere = (src: string) => assetUrl(src, router.current()?.route ?? '');
  const readPackage = createReadPackage(assetUrlHere);
  const storage = ownStorage({ appid: program.appid, openid: shopper.openid });
  const isDeclared = program.app.usesPrivacyCheck;
  const privacy = createPrivacy({ phone, storage, isDeclared });
  const permissions = createPermissions({ phone, storage });
  const visibility = appVisibility();
  const launchOptions = () => ({ ...launch, scene: 1001, referrerInfo: {} });
  const apis: Record<string, unknown> = {
    ...navigationApis(router, phone),
    ...interactionApis(phone, assetUrlHere),
    ...storageApis({ appid: program.appid, openid: shopper.openid }),
    ...deviceApis({ platform, client, phone, theme, network }),
    ...paymentApis({ server, phone, network }),
    ...subscribeMessageApis({ server, phone, network }),
    ...(client === 'old' ? {} : virtualPaymentApis({ server, phone, network, platform, visibility })),
    ...visibility.apis,
    ...openApis({ phone, appid: program.appid, server, network }),
    ...permissions.apis,
    ...privacy.apis,
    ...placeApis({ phone, privacy, permissions }),
    ...fileSystemApis(files, readPackage),
    ...mediaApis({ phone, files, urls, readPackage, privacy, assetUrl: assetUrlHere, now: worldNow }),
    ...canvasApis({ files, assetUrl: assetUrlHere, page: () => router.current()?.view.element }),
    ...BYTE_APIS,
    createAnimation,
    createVideoContext: (id: string) =>
      createVideoContext(() =>
        router.current()?.view.element.querySelector(`[id=${JSON.stringify(id)}] > video`),
      ),
    createInnerAudioContext: () => createInnerAudioContext(assetUrlHere),
    ...requestApis({ server, network, files }),
    cloud: createCloud({ server, network, files, readPackage }),
    env: { USER_DATA_PATH },
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
