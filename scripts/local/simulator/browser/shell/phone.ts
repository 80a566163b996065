import type { AppConfig } from '../../wire.ts';
import { WorldDate } from '../clock.ts';
import type { Network } from '../network.ts';
import type { ThemeSource } from '../render/theme.ts';
import { screen as phoneScreen } from '../screen.ts';
import type { Platform } from '../settings.ts';
import { h } from './dom.ts';
import { createTabBar, type TabBar } from './tab-bar.ts';

/** The shoppers are in China, wherever the machine is. */
const CHINA_TIME = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  hour: 'numeric',
  minute: '2-digit',
  hour12: false,
});

const SIGNALS = { fast: '5G', slow: '2G', none: '无网络' } as const;

/** What the bars around the page show. */
export interface Bars {
  readonly title: string;
  readonly background: string;
  readonly textStyle: 'black' | 'white';
  /** The page draws its own navigation bar. */
  readonly custom: boolean;
  readonly leading: 'back' | 'home' | 'none';
  readonly isLoading: boolean;
  readonly route: string;
}

export interface PhoneListeners {
  back(): void;
  home(): void;
  tab(pagePath: string): void;
}

export interface Phone {
  /** Where page boxes are put. */
  readonly pages: HTMLElement;
  readonly tabBar: TabBar;
  pageHeight(): number;
  showBars(bars: Bars): void;
  /** Puts something over the screen; the answer takes it away. `masked` keeps taps from the page. */
  cover(content: HTMLElement, options: { readonly masked: boolean; readonly kind: string }): () => void;
}

/** The frame, the status bar, the navigation bar and the tab bar, and a place for pages between them. */
export function createPhone(
  root: HTMLElement,
  {
    app,
    platform,
    theme,
    network,
    listeners,
  }: {
    app: AppConfig;
    platform: Platform;
    theme: ThemeSource;
    network: Network;
    listeners: PhoneListeners;
  },
): Phone {
  const clock = h('span', { class: 'sim-clock' });
  const signal = h('span', { class: 'sim-signal' }, '5G');
  network.subscribe(() => {
    signal.textContent = SIGNALS[network.connection()];
  });
  const title = h('div', {
    class: 'sim-title',
    'data-testid': 'nav-title',
    role: 'heading',
    'aria-level': 1,
  });
  const back = h('button', { class: 'sim-back', 'aria-label': '返回', onclick: () => listeners.back() });
  const home = h('button', { class: 'sim-home', 'aria-label': '返回首页', onclick: () => listeners.home() });
  const capsule = h(
    'div',
    { class: 'sim-capsule', 'aria-hidden': true },
    h('i', { class: 'sim-capsule-menu' }),
    h('i', { class: 'sim-capsule-close' }),
  );
  const navigation = h(
    'header',
    { class: 'sim-nav' },
    h('div', { class: 'sim-status', 'aria-hidden': true }, clock, signal),
    h('div', { class: 'sim-navbar' }, back, home, title, capsule),
  );
  const pages = h('main', { class: 'sim-pages' });
  const tabBar = createTabBar(app, theme, listeners.tab);
  const covers = h('div', { class: 'sim-covers' });
  const screen = h('div', { class: 'sim-screen' }, navigation, pages, tabBar.element, covers);
  const frame = h('div', { class: 'sim-frame', 'data-platform': platform }, screen);
  const { width, height } = phoneScreen();
  Object.assign(frame.style, { width: `${width}px`, height: `${height}px` });
  root.replaceChildren(frame);

  const showTheme = () => {
    frame.dataset.theme = theme.current();
  };
  theme.subscribe(showTheme);
  showTheme();
  const showTime = () => {
    clock.textContent = CHINA_TIME.format(new WorldDate());
  };
  showTime();
  setInterval(showTime, 1000);

  return {
    pages,
    tabBar,
    pageHeight: () => pages.clientHeight,
    showBars(bars) {
      title.textContent = bars.title;
      title.classList.toggle('is-loading', bars.isLoading);
      screen.style.setProperty('--bar', bars.background);
      screen.dataset.bar = bars.textStyle;
      screen.toggleAttribute('data-custom-bar', bars.custom);
      back.hidden = bars.leading !== 'back';
      home.hidden = bars.leading !== 'home';
      tabBar.show(bars.route);
    },
    cover(content, { masked, kind }) {
      const cover = h('div', { class: `sim-cover sim-cover-${kind}`, 'data-masked': masked }, content);
      covers.append(cover);
      return () => cover.remove();
    },
  };
}
