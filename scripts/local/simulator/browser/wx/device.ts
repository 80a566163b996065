import { SCREEN_HEIGHT_PX, SCREEN_WIDTH_PX } from '../../screen.ts';
import type { Network } from '../network.ts';
import { reportError } from '../problems.ts';
import type { Platform } from '../settings.ts';
import type { Phone } from '../shell/phone.ts';
import type { ThemeSource } from '../theme.ts';
import { api, text } from './api.ts';

/** The base library whose behaviour the simulator follows. */
const SDK_VERSION = '3.8.12';

const DEVICES = {
  ios: {
    brand: 'iPhone',
    model: 'iPhone 13 mini',
    system: 'iOS 17.5',
    statusBarHeight: 44,
    bottom: 34,
    barHeight: 44,
  },
  android: {
    brand: 'Xiaomi',
    model: 'Mi 14',
    system: 'Android 14',
    statusBarHeight: 28,
    bottom: 0,
    barHeight: 48,
  },
} as const;

const CAPSULE = { width: 87, height: 32, right: 368 } as const;

export function deviceApis({
  platform,
  phone,
  theme,
  network,
}: {
  platform: Platform;
  phone: Phone;
  theme: ThemeSource;
  network: Network;
}) {
  const { brand, model, system, statusBarHeight, bottom, barHeight } = DEVICES[platform];
  const deviceInfo = () => ({
    brand,
    model,
    system,
    platform,
    abi: 'arm64-v8a',
    memorySize: 6144,
    benchmarkLevel: 40,
  });
  const windowInfo = () => ({
    pixelRatio: devicePixelRatio,
    screenWidth: SCREEN_WIDTH_PX,
    screenHeight: SCREEN_HEIGHT_PX,
    windowWidth: SCREEN_WIDTH_PX,
    windowHeight: phone.pageHeight(),
    statusBarHeight,
    screenTop: statusBarHeight + barHeight,
    safeArea: {
      left: 0,
      right: SCREEN_WIDTH_PX,
      top: statusBarHeight,
      bottom: SCREEN_HEIGHT_PX - bottom,
      width: SCREEN_WIDTH_PX,
      height: SCREEN_HEIGHT_PX - bottom - statusBarHeight,
    },
  });
  const baseInfo = () => ({
    SDKVersion: SDK_VERSION,
    version: '8.0.50',
    language: 'zh_CN',
    theme: theme.current(),
    enableDebug: false,
    fontSizeSetting: 16,
    host: { env: 'WeChat' },
  });
  const systemInfo = () => ({ ...deviceInfo(), ...windowInfo(), ...baseInfo() });
  const networkType = () => (network.isConnected() ? 'wifi' : 'none');
  const networkListeners = listeners<{ isConnected: boolean; networkType: string }>('onNetworkStatusChange');
  network.subscribe((isConnected) => networkListeners.tell({ isConnected, networkType: networkType() }));
  const themeListeners = listeners<{ theme: string }>('onThemeChange');
  theme.subscribe((current) => themeListeners.tell({ theme: current }));
  const top = statusBarHeight + (barHeight - CAPSULE.height) / 2 - 2;

  return {
    getSystemInfoSync: systemInfo,
    getSystemInfo: api('getSystemInfo', systemInfo),
    getSystemInfoAsync: api('getSystemInfoAsync', systemInfo),
    getDeviceInfo: deviceInfo,
    getWindowInfo: windowInfo,
    getAppBaseInfo: baseInfo,
    getSystemSetting: () => ({
      bluetoothEnabled: true,
      locationEnabled: true,
      wifiEnabled: true,
      deviceOrientation: 'portrait',
    }),
    getAppAuthorizeSetting: () => ({
      notificationAuthorized: 'authorized',
      locationAuthorized: 'not determined',
    }),
    getMenuButtonBoundingClientRect: () => ({
      ...CAPSULE,
      left: CAPSULE.right - CAPSULE.width,
      top,
      bottom: top + CAPSULE.height,
    }),
    getNetworkType: api('getNetworkType', () => ({ networkType: networkType(), weakNet: false })),
    onNetworkStatusChange: networkListeners.add,
    offNetworkStatusChange: networkListeners.remove,
    onThemeChange: themeListeners.add,
    offThemeChange: themeListeners.remove,
    ...clipboardApis(),
    vibrateShort: api('vibrateShort', () => {}),
    vibrateLong: api('vibrateLong', () => {}),
    setKeepScreenOn: api('setKeepScreenOn', () => {}),
    hideKeyboard: api('hideKeyboard', () => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    }),
    getRandomValues: api('getRandomValues', ({ length }) => ({
      randomValues: crypto.getRandomValues(new Uint8Array(Number(length))).buffer,
    })),
    onKeyboardHeightChange: () => {},
    offKeyboardHeightChange: () => {},
    onWindowResize: () => {},
    offWindowResize: () => {},
  };
}

/** The phone's own clipboard: the browser's would ask the developer for permission. */
function clipboardApis() {
  let content = '';
  return {
    setClipboardData: api('setClipboardData', (options) => {
      content = text(options, 'data');
    }),
    getClipboardData: api('getClipboardData', () => ({ data: content })),
  };
}

/** Listeners of a phone's event; `remove` without one takes all away. */
function listeners<Event>(name: string) {
  const known = new Set<(event: Event) => void>();
  return {
    add: (listener: (event: Event) => void) => void known.add(listener),
    remove(listener?: (event: Event) => void) {
      if (listener) known.delete(listener);
      else known.clear();
    },
    tell(event: Event) {
      for (const listener of [...known]) {
        try {
          listener(event);
        } catch (error) {
          reportError(`wx.${name}`, error);
        }
      }
    },
  };
}
