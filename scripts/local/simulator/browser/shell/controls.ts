import type { Shopper } from '../../wire.ts';
import type { Network } from '../network.ts';
import type { Theme, ThemeSource } from '../render/theme.ts';
import { screen, TABLET } from '../screen.ts';
import {
  type Client,
  changePhone,
  PLATFORMS,
  type Platform,
  readLanguage,
  rememberTheme,
  type Settings,
} from '../settings.ts';
import { h } from './dom.ts';
import { LANGUAGE_NAMES, LANGUAGES, WORDS } from './words.ts';

const PLATFORM_NAMES: Readonly<Record<Platform, string>> = {
  ios: 'iOS',
  android: 'Android',
  windows: 'Windows',
};

/** The panel beside the phone: whose it is, what it is, whether it is connected. Hidden where there is no room. */
export function createControls({
  settings,
  shoppers,
  theme,
  network,
}: {
  settings: Settings;
  shoppers: readonly Shopper[];
  theme: ThemeSource;
  network: Network;
}): HTMLElement {
  const spoken = readLanguage();
  const words = WORDS[spoken];
  const themes = choice(words.theme, [
    ...(['light', 'dark'] as const).map((value: Theme) => ({
      label: words.themes[value],
      testId: `theme-${value}`,
      isChosen: () => theme.current() === value,
      choose() {
        rememberTheme(value);
        theme.choose(value);
      },
    })),
  ]);
  theme.subscribe(themes.draw);
  const connection = choice(words.network, [
    {
      label: words.networks.fast,
      testId: 'network-on',
      isChosen: () => network.connection() === 'fast',
      choose: () => network.choose('fast'),
    },
    {
      label: words.networks.slow,
      testId: 'network-slow',
      isChosen: () => network.connection() === 'slow',
      choose: () => network.choose('slow'),
    },
    {
      label: words.networks.none,
      testId: 'network-off',
      isChosen: () => !network.isConnected(),
      choose: () => network.choose('none'),
    },
  ]);
  network.subscribe(connection.draw);
  const people = choice(
    words.shoppers,
    shoppers.map(({ openid, name }) => ({
      label: name,
      testId: `shopper-${openid}`,
      isChosen: () => settings.shopper.openid === openid,
      choose: () => changePhone({ shopper: openid }),
    })),
  );
  const platforms = choice(
    words.platform,
    PLATFORMS.map((value: Platform) => ({
      label: PLATFORM_NAMES[value],
      testId: `platform-${value}`,
      isChosen: () => settings.platform === value,
      choose: () => changePhone({ platform: value }),
    })),
  );
  const clients = choice(
    words.client,
    (['current', 'old'] as const).map((value: Client) => ({
      label: words.clients[value],
      testId: `client-${value}`,
      isChosen: () => settings.client === value,
      choose: () => changePhone({ client: value }),
    })),
  );
  const widths = choice(
    words.width,
    [320, 360, 375, 390, 414, 430, TABLET.width].map((width) => ({
      label: String(width),
      testId: `width-${width}`,
      isChosen: () => screen().width === width,
      choose: () => changePhone({ width }),
    })),
  );
  const texts = choice(
    words.text,
    [1, 1.3].map((text) => ({
      label: text === 1 ? words.usualText : `${text * 100}%`,
      testId: `text-${text}`,
      isChosen: () => screen().textScale === text,
      choose: () => changePhone({ text }),
    })),
  );
  const languages = choice(
    words.language,
    LANGUAGES.map((language) => ({
      label: LANGUAGE_NAMES[language],
      testId: `language-${language}`,
      isChosen: () => language === spoken,
      choose: () => changePhone({ language }),
    })),
  );
  const choices = [people, platforms, clients, widths, texts, themes, connection, languages];
  return h(
    'aside',
    { class: 'sim-controls', lang: spoken === 'zh' ? 'zh-CN' : 'en', 'aria-label': words.name },
    ...choices.map(({ element }) => element),
  );
}

interface Option {
  readonly label: string;
  readonly testId: string;
  isChosen(): boolean;
  choose(): void;
}

function choice(title: string, options: readonly Option[]): { readonly element: HTMLElement; draw(): void } {
  const buttons = options.map(({ label, testId, choose }) =>
    h('button', { type: 'button', 'data-testid': testId, onclick: choose }, label),
  );
  const draw = () => {
    for (const [index, button] of buttons.entries()) {
      button.setAttribute('aria-pressed', String(options[index]?.isChosen() ?? false));
    }
  };
  draw();
  return { element: h('section', {}, h('h2', {}, title), h('div', {}, ...buttons)), draw };
}
