import type { Shopper } from '../../wire.ts';
import type { Network } from '../network.ts';
import type { Theme, ThemeSource } from '../render/theme.ts';
import { screen } from '../screen.ts';
import {
  type Client,
  changePhone,
  PLATFORMS,
  type Platform,
  rememberTheme,
  type Settings,
} from '../settings.ts';
import { h } from './dom.ts';

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
  const themes = choice('外观', [
    ...(['light', 'dark'] as const).map((value: Theme) => ({
      label: value === 'light' ? '浅色' : '深色',
      testId: `theme-${value}`,
      isChosen: () => theme.current() === value,
      choose() {
        rememberTheme(value);
        theme.choose(value);
      },
    })),
  ]);
  theme.subscribe(themes.draw);
  const connection = choice('网络', [
    {
      label: '正常',
      testId: 'network-on',
      isChosen: () => network.connection() === 'fast',
      choose: () => network.choose('fast'),
    },
    {
      label: '很慢',
      testId: 'network-slow',
      isChosen: () => network.connection() === 'slow',
      choose: () => network.choose('slow'),
    },
    {
      label: '已断开',
      testId: 'network-off',
      isChosen: () => !network.isConnected(),
      choose: () => network.choose('none'),
    },
  ]);
  network.subscribe(connection.draw);
  const people = choice(
    '购买者',
    shoppers.map(({ openid, name }) => ({
      label: name,
      testId: `shopper-${openid}`,
      isChosen: () => settings.shopper.openid === openid,
      choose: () => changePhone({ shopper: openid }),
    })),
  );
  const platforms = choice(
    '手机',
    PLATFORMS.map((value: Platform) => ({
      label: PLATFORM_NAMES[value],
      testId: `platform-${value}`,
      isChosen: () => settings.platform === value,
      choose: () => changePhone({ platform: value }),
    })),
  );
  const clients = choice(
    '微信',
    (['current', 'old'] as const).map((value: Client) => ({
      label: value === 'current' ? '新版' : '旧版',
      testId: `client-${value}`,
      isChosen: () => settings.client === value,
      choose: () => changePhone({ client: value }),
    })),
  );
  const widths = choice(
    '屏宽',
    [320, 360, 375, 390, 414, 430].map((width) => ({
      label: String(width),
      testId: `width-${width}`,
      isChosen: () => screen().width === width,
      choose: () => changePhone({ width }),
    })),
  );
  const texts = choice(
    '字号',
    [1, 1.3].map((text) => ({
      label: text === 1 ? '标准' : `${text * 100}%`,
      testId: `text-${text}`,
      isChosen: () => screen().textScale === text,
      choose: () => changePhone({ text }),
    })),
  );
  return h(
    'aside',
    { class: 'sim-controls', 'aria-label': '模拟器' },
    ...[people, platforms, clients, widths, texts, themes, connection].map(({ element }) => element),
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
