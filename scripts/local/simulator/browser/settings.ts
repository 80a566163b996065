import type { Shopper } from '../wire.ts';
import type { Theme } from './render/theme.ts';

export const PLATFORMS = ['ios', 'android', 'windows'] as const;
export type Platform = (typeof PLATFORMS)[number];
/** The WeChat on the phone: today's, or one whose base library does not know virtual payment. */
export type Client = 'current' | 'old';

/** Whose phone it is and what phone; kept in the address, so that a reload and a link keep it. */
export interface Settings {
  readonly shopper: Shopper;
  readonly platform: Platform;
  readonly client: Client;
  /** Undefined follows the browser. */
  readonly theme: Theme | undefined;
  /** Of the screen, in CSS pixels. */
  readonly width: number;
  /** How many times larger than usual its owner wants text. */
  readonly textScale: number;
}

export function readSettings(shoppers: readonly [Shopper, ...Shopper[]]): Settings {
  const parameters = new URLSearchParams(location.search);
  const theme = parameters.get('theme');
  return {
    shopper: shoppers.find(({ openid }) => openid === parameters.get('shopper')) ?? shoppers[0],
    platform: PLATFORMS.find((platform) => platform === parameters.get('platform')) ?? 'ios',
    client: parameters.get('client') === 'old' ? 'old' : 'current',
    theme: theme === 'dark' || theme === 'light' ? theme : undefined,
    width: Number(parameters.get('width') ?? Number.NaN),
    textScale: Number(parameters.get('text') ?? Number.NaN),
  };
}

/**
 * Another shopper, platform or WeChat is another phone: the mini-program starts again on it, at its first page. Around
 * another screen it starts again at the page that is shown.
 */
export function changePhone(change: {
  readonly shopper?: string;
  readonly platform?: Platform;
  readonly client?: Client;
  readonly width?: number;
  readonly text?: number;
}): void {
  const parameters = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) parameters.set(name, String(value));
  const isSamePhone = Object.keys(change).every((name) => name === 'width' || name === 'text');
  location.assign(`${location.pathname}?${parameters}${isSamePhone ? location.hash : ''}`);
}

export function rememberTheme(theme: Theme): void {
  const parameters = new URLSearchParams(location.search);
  parameters.set('theme', theme);
  history.replaceState(null, '', `${location.pathname}?${parameters}${location.hash}`);
}
