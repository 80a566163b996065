import { h } from './dom.ts';
import { say } from './words/language.ts';
import { PAGE } from './words/page.ts';

/** What kind of phone it is, in the words of the simulator's address. */
export interface PhoneSettings {
  platform: 'android' | 'ios' | 'windows';
  /** Of the screen, in CSS pixels. */
  width: number;
  text: string;
  theme: 'auto' | 'light' | 'dark';
  network: 'fast' | 'slow' | 'none';
}

export type Setting = { [Name in keyof PhoneSettings]: Pick<PhoneSettings, Name> }[keyof PhoneSettings];

const PLATFORMS = [
  ['android', 'Android'],
  ['ios', 'iOS'],
  ['windows', 'Windows'],
] as const;
const WIDTHS_PX = [320, 360, 375, 390, 414, 430, 768];
const TEXTS = ['0.9', '1', '1.15', '1.3'];
const THEMES = ['auto', 'light', 'dark'] as const;
const NETWORKS = ['fast', 'slow', 'none'] as const;

/** An upright tablet is higher than a phone; the simulator knows the same sizes. */
export function heightOf({ width }: Pick<PhoneSettings, 'width'>): number {
  return width < 768 ? 812 : 1024;
}

/** A choice of the browser's own for each: small, and every keyboard knows them. */
export function settingsRow(settings: PhoneSettings, change: (setting: Setting) => void): HTMLElement[] {
  const words = say(PAGE);
  const texts = TEXTS.map((text) => [text, `${Math.round(Number(text) * 100)}%`] as const);
  return [
    choice(words.platform, 'platform', PLATFORMS, settings.platform, (platform) => change({ platform })),
    choice(
      words.width,
      'width',
      WIDTHS_PX.map((width) => [String(width), `${width}px`] as const),
      String(settings.width),
      (width) => change({ width: Number(width) }),
    ),
    choice(words.text, 'text', texts, settings.text, (text) => change({ text })),
    choice(
      words.theme,
      'theme',
      THEMES.map((theme) => [theme, words.themes[theme]] as const),
      settings.theme,
      (theme) => change({ theme }),
    ),
    choice(
      words.network,
      'network',
      NETWORKS.map((network) => [network, words.networks[network]] as const),
      settings.network,
      (network) => change({ network }),
    ),
  ];
}

function choice<Value extends string>(
  label: string,
  name: string,
  options: readonly (readonly [Value, string])[],
  chosen: Value,
  onChoose: (value: Value) => void,
): HTMLElement {
  const select = h(
    'select',
    { 'aria-label': label, title: label, 'data-testid': `phone-${name}` },
    ...options.map(([value, words]) => h('option', { value, selected: value === chosen }, words)),
  );
  select.addEventListener('change', () => {
    const found = options.find(([value]) => value === select.value);
    if (found) onChoose(found[0]);
  });
  return select;
}
