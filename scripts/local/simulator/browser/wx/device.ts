import type { Network } from '../network.ts';
import type { ThemeSource } from '../render/theme.ts';
import type { Client, Platform } from '../settings.ts';
import type { Phone } from '../shell/phone.ts';
import { api } from './api.ts';
import { deviceInformation } from './device-information.ts';
import { text } from './failure.ts';
import { listeners } from './listeners.ts';

/** What WeChat calls them. */
const NETWORK_TYPES = { fast: 'wifi', slow: '2g', none: 'none' } as const;

export function deviceApis({
  platform,
  client,
  phone,
  theme,
  network,
}: {
  platform: Platform;
  client: Client;
  phone: Phone;
  theme: ThemeSource;
  network: Network;
}) {
  const { deviceInfo, windowInfo, baseInfo, capsule } = deviceInformation({ platform, client, phone, theme });
  const systemInfo = () => ({ ...deviceInfo(), ...windowInfo(), ...baseInfo() });
  const networkType = () => NETWORK_TYPES[network.connection()];
  const networkListeners = listeners<{ isConnected: boolean; networkType: string }>('onNetworkStatusChange');
  network.subscribe((isConnected) => networkListeners.emit({ isConnected, networkType: networkType() }));
  const themeListeners = listeners<{ theme: string }>('onThemeChange');
  theme.subscribe((current) => themeListeners.emit({ theme: current }));
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
    getMenuButtonBoundingClientRect: capsule,
    // The capsule never changes here.
    onMenuButtonBoundingClientRectWeightChange: () => {},
    offMenuButtonBoundingClientRectWeightChange: () => {},
    getNetworkType: api('getNetworkType', () => ({
      networkType: networkType(),
      weakNet: network.connection() === 'slow',
    })),
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
