import type { ThemeSource } from '../render/theme.ts';
import { screen } from '../screen.ts';
import type { Platform } from '../settings.ts';
import type { Phone } from '../shell/phone.ts';

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

const CAPSULE = { width: 87, height: 32, fromRight: 7 } as const;

/** What `wx.getDeviceInfo` and its like answer, and where the capsule of the navigation bar lies. */
export function deviceInformation({
  platform,
  phone,
  theme,
}: {
  platform: Platform;
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
    SDKVersion: SDK_VERSION,
    version: '8.0.50',
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
