/** What the mini-program runs on, as WeChat describes it. */
export interface Terminal {
  /** `ios`, `android`, `ohos`, `windows`, `mac`, `devtools`. */
  readonly platform: string;
  /** `iOS 17.5` */
  readonly system: string;
  /** WeChat's own version, as `8.0.68`. */
  readonly version: string;
  /** Whether this WeChat has `wx.requestVirtualPayment` (base library 2.19.2). */
  readonly hasVirtualPayment: boolean;
}

/** Why virtual payment cannot be used here, which is known before there is an order. */
export type Obstacle = 'terminal' | 'system' | 'ios-wechat' | 'wechat' | 'price';

/**
 * Where WeChat names virtual payment. DevTools may pay in the sandbox and plays whichever phone is set in it, so its
 * versions say nothing; what its simulator cannot do, its cashier says.
 */
const PLATFORMS = ['android', 'ohos', 'windows', 'ios', 'devtools'];
const IOS_SYSTEM_MIN = '15';
const IOS_WECHAT_MIN = '8.0.68';
/** Apple takes nothing less, in fen. */
const IOS_TOTAL_FEE_MIN = 100;

/**
 * What keeps this terminal from paying so much by virtual payment, in fen; undefined where nothing does. A version that
 * cannot be read keeps nobody from it: the cashier knows better.
 */
export function obstacleOn(terminal: Terminal, total_fee: number): Obstacle | undefined {
  const { platform, system, version, hasVirtualPayment } = terminal;
  if (!PLATFORMS.includes(platform)) return 'terminal';
  const isIos = platform === 'ios';
  if (isIos && isOlder(system, IOS_SYSTEM_MIN)) return 'system';
  if (isIos && isOlder(version, IOS_WECHAT_MIN)) return 'ios-wechat';
  if (!hasVirtualPayment) return 'wechat';
  return isIos && total_fee < IOS_TOTAL_FEE_MIN ? 'price' : undefined;
}

/** Compares number by number, whatever words stand before them: `iOS 14.8` is older than `15`. */
function isOlder(version: string, least: string): boolean {
  const [found, wanted] = [version, least].map(
    (text) => /\d+(?:\.\d+)*/.exec(text)?.[0].split('.').map(Number) ?? [],
  );
  if (found === undefined || wanted === undefined || found.length === 0) return false;
  const differs = wanted.findIndex((number, index) => (found[index] ?? 0) !== number);
  return differs >= 0 && (found[differs] ?? 0) < (wanted[differs] ?? 0);
}
