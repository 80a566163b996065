import type { ThemeSource } from '../render/theme.ts';
import { screen } from '../screen.ts';
import type { Client, Platform } from '../settings.ts';
import type { Phone } from '../shell/phone.ts';

/** WeChat and its base library. The current one is followed; the old one only lacks what came after it. */
export const CLIENTS = {
  current: { version: '8.0.71', SDKVersion: '3.8.12' },
  /** wx.requestVirtualPayment came with 2.19.2. */
  old: { version: '8.0.13', SDKVersion: '2.19.0' },
} as const;

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
  windows: {
    brand: 'microsoft',
    model: 'microsoft',
    system: 'Windows 11 x64',
    statusBarHeight: 0,
    bottom: 0,
    barHeight: 48,
  },
} as const;

const CAPSULE = { width: 87, height: 32, fromRight: 7 } as const;

/** What `wx.getDeviceInfo` and its like answer, and where the capsule of the navigation bar lies. */
export function deviceInformation({
  platform,
  client,
  phone,
  theme,
}: {
  platform: Platform;
  client: Client;
  phone: Phone;
  theme: ThemeSource;
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
    screenWidth: screen().width,
    screenHeight: screen().height,
    windowWidth: screen().width,
    windowHeight: phone.pageHeight(),
    statusBarHeight,
    screenTop: statusBarHeight + barHeight,
    safeArea: {
      left: 0,
      right: screen().width,
      top: statusBarHeight,
      bottom: screen().height - bottom,
      width: screen().width,
      height: screen().height - bottom - statusBarHeight,
    },
  });
  const baseInfo = () => ({
    ...CLIENTS[client],
    language: 'zh_CN',
    theme: theme.current(),
    enableDebug: false,
    fontSizeSetting: 16 * screen().textScale,
    fontSizeScaleFactor: screen().textScale,
    host: { env: 'WeChat' },
  });
  const top = statusBarHeight + (barHeight - CAPSULE.height) / 2;
  const capsule = () => {
    const { width, height, fromRight } = CAPSULE;
    const right = screen().width - fromRight;
    return { width, height, right, left: right - width, top, bottom: top + height };
  };
  return { deviceInfo, windowInfo, baseInfo, capsule };
}
