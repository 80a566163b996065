import type { Shopper } from '../wire.ts';
import type { Theme } from './render/theme.ts';
import { LANGUAGES, type Language } from './shell/words.ts';

export const PLATFORMS = ['ios', 'android', 'windows'] as const;
export type Platform = (typeof PLATFORMS)[number];
/** What can be changed around a running mini-program. */
const SAME_PHONE = ['width', 'text', 'language'];
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

/** What the panel around the phone speaks: the console's language where the console shows the phone, else the browser's. */
export function readLanguage(): Language {
  const said = new URLSearchParams(location.search).get('language');
  return LANGUAGES.find((known) => known === said) ?? (/^zh\b/i.test(navigator.language) ? 'zh' : 'en');
}

/**
 * Another shopper, platform or WeChat is another phone: the mini-program starts again on it, at its first page. Around
 * another screen, or a panel in another language, it starts again at the page that is shown.
 */
export function changePhone(change: {
  readonly shopper?: string;
  readonly platform?: Platform;
  readonly client?: Client;
  readonly width?: number;
  readonly text?: number;
  readonly language?: Language;
}): void {
  const parameters = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) parameters.set(name, String(value));
  const isSamePhone = Object.keys(change).every((name) => SAME_PHONE.includes(name));
  location.assign(`${location.pathname}?${parameters}${isSamePhone ? location.hash : ''}`);
}

export function rememberTheme(theme: Theme): void {
  const parameters = new URLSearchParams(location.search);
  parameters.set('theme', theme);
  history.replaceState(null, '', `${location.pathname}?${parameters}${location.hash}`);
}
