import type { AppConfig } from '../../wire.ts';
import { resolveTheme } from '../pages/configuration.ts';
import type { ThemeSource } from '../render/theme.ts';
import { h } from './dom.ts';

export interface TabBar {
  readonly element: HTMLElement;
  readonly routes: readonly string[];
  /** Marks the tab of the page that is shown; a page that is no tab has no bar. */
  show(route: string): void;
  setVisible(visible: boolean): void;
  /** Text on a tab, an empty one for a dot, undefined for nothing. */
  setBadge(index: number, badge: string | undefined): void;
  /** Over what app.json says; undefined leaves a colour as it is. */
  setStyle(style: Partial<Readonly<Record<TabBarColor, string>>>): void;
  setItem(index: number, item: { readonly text?: string | undefined }): void;
}

export type TabBarColor = 'color' | 'selectedColor' | 'backgroundColor';

export function createTabBar(app: AppConfig, theme: ThemeSource, onTab: (pagePath: string) => void): TabBar {
  const items = app.tabBar?.list ?? [];
  const element = h('nav', { class: 'sim-tabbar', role: 'tablist', hidden: true });
  const tabs = items.map(({ pagePath, text, iconPath }) => {
    const icon = iconPath ? h('img', { alt: '' }) : undefined;
    const label = h('span', {}, text);
    const badge = h('em', { hidden: true });
    const tab = h(
      'button',
      { role: 'tab', 'data-path': pagePath, onclick: () => onTab(pagePath) },
      icon,
      label,
      badge,
    );
    element.append(tab);
    return { tab, icon, label, badge };
  });
  let current = '';
  let visible = true;
  let chosen: Partial<Readonly<Record<TabBarColor, string>>> = {};
  const draw = () => {
    const at = items.findIndex(({ pagePath }) => pagePath === current);
    element.hidden = at < 0 || !visible || app.tabBar?.custom === true;
    const color = (name: TabBarColor) =>
      chosen[name] ?? resolveTheme(app, theme.current(), app.tabBar?.[name] ?? '');
    element.style.background = color('backgroundColor');
    for (const [index, { tab, icon }] of tabs.entries()) {
      const selected = index === at;
      tab.setAttribute('aria-selected', String(selected));
      tab.style.color = color(selected ? 'selectedColor' : 'color');
      const path = (selected && items[index]?.selectedIconPath) || items[index]?.iconPath;
      if (icon && path) icon.src = `/__sim/asset/${resolveTheme(app, theme.current(), path)}`;
    }
  };
  theme.subscribe(draw);
  return {
    element,
    routes: items.map(({ pagePath }) => pagePath),
    show(route) {
      current = route;
      draw();
    },
    setVisible(wanted) {
      visible = wanted;
      draw();
    },
    setBadge(index, text) {
      const badge = tabs[index]?.badge;
      if (!badge) return;
      badge.hidden = text === undefined;
      badge.textContent = text ?? '';
    },
    setStyle(style) {
      chosen = { ...chosen, ...style };
      draw();
    },
    setItem(index, { text }) {
      const label = tabs[index]?.label;
      if (label && text !== undefined) label.textContent = text;
    },
  };
}
