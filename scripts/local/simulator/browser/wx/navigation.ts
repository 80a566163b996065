import type { Router } from '../pages/router.ts';
import type { Phone } from '../shell/phone.ts';
import { api } from './api.ts';
import { fail, type Options, optionalText, text } from './failure.ts';

export function navigationApis(router: Router, phone: Phone) {
  const bar = (change: (bar: NonNullable<ReturnType<Router['current']>>['bar']) => void) => {
    const page = router.current();
    if (!page) return;
    change(page.bar);
    router.drawBars();
  };
  return {
    navigateTo: api('navigateTo', async (options) => {
      const eventChannel = await router.navigateTo(text(options, 'url'));
      for (const [name, listener] of Object.entries(options.events ?? {})) eventChannel.on(name, listener);
      return { eventChannel };
    }),
    redirectTo: api('redirectTo', (options) => router.redirectTo(text(options, 'url'))),
    navigateBack: api('navigateBack', ({ delta }) =>
      router.navigateBack(typeof delta === 'number' ? delta : 1),
    ),
    switchTab: api('switchTab', (options) => router.switchTab(text(options, 'url'))),
    reLaunch: api('reLaunch', (options) => router.reLaunch(text(options, 'url'))),
    setNavigationBarTitle: api('setNavigationBarTitle', (options) => {
      const title = text(options, 'title');
      bar((shown) => Object.assign(shown, { title }));
    }),
    setNavigationBarColor: api('setNavigationBarColor', (options) => {
      const background = text(options, 'backgroundColor');
      const textStyle = optionalText(options, 'frontColor') === '#000000' ? 'black' : 'white';
      bar((shown) => Object.assign(shown, { background, textStyle }));
    }),
    showNavigationBarLoading: api('showNavigationBarLoading', () =>
      bar((shown) => Object.assign(shown, { isLoading: true })),
    ),
    hideNavigationBarLoading: api('hideNavigationBarLoading', () =>
      bar((shown) => Object.assign(shown, { isLoading: false })),
    ),
    hideHomeButton: api('hideHomeButton', () => {}),
    startPullDownRefresh: api('startPullDownRefresh', () => router.current()?.view.startPullDown()),
    stopPullDownRefresh: api('stopPullDownRefresh', () => router.current()?.view.stopPullDown()),
    pageScrollTo: api('pageScrollTo', (options) => scrollPage(router, options)),
    setBackgroundColor: api('setBackgroundColor', () => {}),
    setBackgroundTextStyle: api('setBackgroundTextStyle', () => {}),
    showTabBar: api('showTabBar', () => phone.tabBar.setVisible(true)),
    hideTabBar: api('hideTabBar', () => phone.tabBar.setVisible(false)),
    setTabBarBadge: api('setTabBarBadge', (options) =>
      phone.tabBar.setBadge(tabIndex(phone, options), text(options, 'text')),
    ),
    removeTabBarBadge: api('removeTabBarBadge', (options) =>
      phone.tabBar.setBadge(tabIndex(phone, options), undefined),
    ),
    showTabBarRedDot: api('showTabBarRedDot', (options) =>
      phone.tabBar.setBadge(tabIndex(phone, options), ''),
    ),
    hideTabBarRedDot: api('hideTabBarRedDot', (options) =>
      phone.tabBar.setBadge(tabIndex(phone, options), undefined),
    ),
    setTabBarStyle: api('setTabBarStyle', (options) => {
      const named = (['color', 'selectedColor', 'backgroundColor'] as const).flatMap((name) =>
        typeof options[name] === 'string' ? [[name, options[name]]] : [],
      );
      phone.tabBar.setStyle(Object.fromEntries(named));
    }),
    setTabBarItem: api('setTabBarItem', (options) =>
      phone.tabBar.setItem(tabIndex(phone, options), { text: optionalText(options, 'text') || undefined }),
    ),
  };
}

function tabIndex(phone: Phone, { index }: Options): number {
  if (typeof index === 'number' && phone.tabBar.routes[index]) return index;
  return fail('tabbar item not found');
}

function scrollPage(router: Router, { scrollTop, selector, duration }: Options): void {
  const page = router.current();
  if (!page) return;
  const { content } = page.view;
  const target = typeof selector === 'string' ? content.querySelector(selector) : null;
  const offset = target ? target.getBoundingClientRect().top - content.getBoundingClientRect().top : 0;
  const top = target ? content.scrollTop + offset : Number(scrollTop ?? 0);
  content.scrollTo({ top, behavior: duration === 0 ? 'auto' : 'smooth' });
}
