import { reportError } from '../problems.ts';
import { closePage, namePage } from '../render/framework.ts';
import { toBackend } from '../render/glass.ts';
import { setViewport } from '../render/viewport.ts';
import { readLanguage } from '../settings.ts';
import { showProblems } from '../shell/problem-page.ts';
import { configurePage, type PageConfiguration } from './configuration.ts';
import { createCustomTabBar } from './custom-tab-bar.ts';
import { createEventChannel, type EventChannel } from './event-channel.ts';
import type { PageCaller, PageParts } from './page-parts.ts';
import { createPageView, type PageView } from './page-view.ts';
import { type Query, queryString, type Target } from './url.ts';

export interface Page {
  readonly route: string;
  readonly query: Query;
  readonly caller: PageCaller;
  readonly view: PageView;
  readonly channel: EventChannel;
  readonly isTab: boolean;
  configuration(): PageConfiguration;
  /** What `wx.setNavigationBarTitle` and its like changed. */
  readonly bar: { title?: string; background?: string; textStyle?: 'black' | 'white'; isLoading: boolean };
  isReady(): boolean;
  /** Calls a method of the page when it has one; what it throws is reported. */
  call(method: string, ...values: unknown[]): unknown;
  attach(): void;
  show(): void;
  hide(): void;
  close(): void;
}

let opened = 0;

/** Makes a page and its box. It is attached once it is on the stack, since its components ask for the stack. */
export function createPage(parts: PageParts, { route, query, isTab }: Target & { isTab: boolean }): Page {
  const { program, registry, codeSpace, backend, container, theme } = parts;
  const config = program.components[route];
  if (!config) throw new Error(`page ${route} is not compiled`);
  registry.ensure(route);
  const configuration = () => configurePage(program.app, config, theme());
  // A page that was registered by Component() gets its query as properties.
  const root = backend.createRoot('wx-page', codeSpace, `/${route}${queryString(query)}`);
  const component = root.getComponent();
  // The adapter's type has no index; what Page() defined is found on it by name all the same.
  const caller = root.get() as unknown as PageCaller;
  const channel = createEventChannel();
  namePage(component, `pageId:${++opened}`);
  Object.assign(caller, {
    route,
    __route__: route,
    options: query,
    getOpenerEventChannel: () => channel,
  });
  let ready = false;

  const call = (method: string, ...values: unknown[]) => callMethod(caller, { route, method, values });
  const view = createPageView(container, {
    route,
    configuration,
    onScroll: (scrollTop) => call('onPageScroll', { scrollTop }),
    onReachBottom: () => call('onReachBottom'),
    onPullDown: () => call('onPullDownRefresh'),
  });

  // Of the page itself only one thing is ever measured: how far its viewport is scrolled.
  component.getBoundingClientRect = (answer) => answer(view.scrollOffset());
  const tabBar = isTab && program.app.tabBar?.custom ? createCustomTabBar(parts, view.element) : undefined;
  if (tabBar) caller.getTabBar = () => tabBar.caller;

  return {
    ...{ route, query, caller, view, channel, isTab, configuration, call },
    bar: { isLoading: false },
    isReady: () => ready,
    attach() {
      setViewport(view.element);
      const failure = registry.failureOf(route);
      if (failure !== undefined) {
        view.element.hidden = false;
        const problems = [`${config.script}: ${failure}`];
        showProblems(view.content, 'pageNotStarted', { problems, language: readLanguage() });
        ready = true;
        return;
      }
      root.attach(toBackend(view.content), toBackend(view.placeholder));
      tabBar?.attach();
      call('onLoad', query);
      this.show();
      requestAnimationFrame(() => {
        call('onReady');
        ready = true;
      });
    },
    show() {
      view.element.hidden = false;
      setViewport(view.element);
      call('onShow');
      component.triggerPageLifetime('show', []);
    },
    hide() {
      call('onHide');
      component.triggerPageLifetime('hide', []);
      view.element.hidden = true;
    },
    close() {
      call('onUnload');
      closePage(component);
      root.release();
      view.element.remove();
    },
  };
}

function callMethod(
  caller: PageCaller,
  { route, method, values }: { route: string; method: string; values: unknown[] },
): unknown {
  const run = caller[method];
  if (typeof run !== 'function') return undefined;
  try {
    return run.apply(caller, values);
  } catch (error) {
    reportError(`${route} ${method}`, error);
    return undefined;
  }
}
