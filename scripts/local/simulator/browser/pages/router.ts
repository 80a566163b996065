import type { Phone } from '../shell/phone.ts';
import { fail } from '../wx/failure.ts';
import { keepAddress } from './address.ts';
import type { EventChannel } from './event-channel.ts';
import { createPage, type Page } from './page.ts';
import type { PageParts } from './page-parts.ts';
import { parseUrl, type Target } from './url.ts';

/** A phone keeps at most this many pages open. */
const PAGES_MAX = 10;

export interface Router {
  /** The page on the screen; there is none before the first. */
  current(): Page | undefined;
  stack(): readonly Page[];
  /** Opens the first page. */
  launch(target: Target): void;
  navigateTo(url: string): Promise<EventChannel>;
  redirectTo(url: string): Promise<void>;
  navigateBack(delta: number): Promise<void>;
  switchTab(url: string): Promise<void>;
  reLaunch(url: string): Promise<void>;
  /** Draws the bars again after a page changed its title. */
  drawBars(): void;
  /** Draws everything that app.json and the pages' JSON colour, for the theme that is now. */
  drawTheme(): void;
}

/** The page stack, with the rules and the words of refusal of a phone. */
export function createRouter(parts: PageParts, phone: Phone): Router {
  const { app, components } = parts.program;
  const tabs = new Map<string, Page>();
  const stack: Page[] = [];
  const current = () => stack.at(-1);
  const isTab = (route: string) => phone.tabBar.routes.includes(route);

  const drawBars = () => {
    const page = current();
    if (!page) return;
    const { title, barBackground, barTextStyle, customBar } = page.configuration();
    const isFirst = page.route === app.entryPagePath || page.isTab;
    phone.showBars({
      title: page.bar.title ?? title,
      background: page.bar.background ?? barBackground,
      textStyle: page.bar.textStyle ?? barTextStyle,
      custom: customBar,
      leading: stack.length > 1 ? 'back' : isFirst ? 'none' : 'home',
      isLoading: page.bar.isLoading,
      route: page.route,
    });
    keepAddress(page);
  };
  const open = ({ route, query }: Target): Page => {
    const page = createPage(parts, { route, query, isTab: isTab(route) });
    stack.push(page);
    if (page.isTab) tabs.set(route, page);
    drawBars();
    page.attach();
    return page;
  };
  const close = (page: Page) => {
    if (page.isTab) tabs.delete(page.route);
    page.close();
  };
  const find = (url: string): Target => {
    const target = parseUrl(url, current()?.route);
    if (!components[target.route]?.isPage) fail(`page "${target.route}" is not found`);
    return target;
  };
  /** Navigation happens after the handler that asked for it. */
  const later = <Result>(run: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      setTimeout(() => {
        try {
          resolve(run());
        } catch (error) {
          reject(error);
        }
      });
    });

  return {
    current,
    stack: () => stack,
    drawBars,
    drawTheme() {
      for (const page of new Set([...stack, ...tabs.values()])) page.view.paint();
      drawBars();
    },
    launch: (target) => void open(target),
    async navigateTo(url) {
      const target = find(url);
      if (isTab(target.route)) fail('can not navigateTo a tabbar page');
      if (stack.length >= PAGES_MAX) fail('webview count limit exceed');
      return later(() => {
        current()?.hide();
        return open(target).channel;
      });
    },
    async redirectTo(url) {
      const target = find(url);
      if (isTab(target.route)) fail('can not redirectTo a tabbar page');
      await later(() => {
        const replaced = stack.pop();
        if (replaced) close(replaced);
        open(target);
      });
    },
    async navigateBack(delta) {
      if (stack.length <= 1) fail('cannot navigate back at first page.');
      await later(() => {
        for (const page of stack.splice(Math.max(stack.length - delta, 1))) close(page);
        drawBars();
        current()?.show();
      });
    },
    async switchTab(url) {
      const target = find(url.split('?')[0] ?? '');
      if (!isTab(target.route)) fail('can not switch to no-tabBar page');
      await later(() => switchTo(target.route));
    },
    async reLaunch(url) {
      const target = find(url);
      await later(() => {
        const kept = [...tabs.values()].filter((page) => !stack.includes(page));
        for (const page of [...stack.splice(0).reverse(), ...kept]) close(page);
        open(target);
      });
    },
  };

  /** Tab pages stay alive beside one another; whatever lies above them goes. */
  function switchTo(route: string): void {
    if (current()?.route === route) return;
    const [base, ...above] = stack.splice(0);
    for (const page of above.reverse()) close(page);
    if (base?.isTab && base.route !== route && above.length === 0) base.hide();
    else if (base?.isTab) base.view.element.hidden = true;
    else if (base) close(base);
    const known = tabs.get(route);
    if (known) {
      stack.push(known);
      drawBars();
      known.show();
    } else open({ route, query: {} });
    current()?.call('onTabItemTap', { index: phone.tabBar.routes.indexOf(route), pagePath: route });
  }
}
