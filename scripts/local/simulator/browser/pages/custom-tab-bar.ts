import { toBackend } from '../render/glass.ts';
import { h } from '../shell/dom.ts';
import type { PageCaller, PageParts } from './page-parts.ts';

const PATH = 'custom-tab-bar/index';

/** The mini-program's own tab bar: a component of a fixed name, of which every tab page has one. */
export function createCustomTabBar(
  { registry, backend, codeSpace }: PageParts,
  page: HTMLElement,
): { readonly caller: PageCaller; attach(): void } {
  registry.ensure(PATH);
  const root = backend.createRoot('custom-tab-bar', codeSpace, `/${PATH}`);
  const placeholder = h('span');
  const place = h('div', { class: 'sim-custom-tabbar' }, placeholder);
  page.append(place);
  return {
    caller: root.get() as unknown as PageCaller,
    attach: () => root.attach(toBackend(place), toBackend(placeholder)),
  };
}
