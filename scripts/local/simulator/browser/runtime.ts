import { triggerEvent } from 'glass-easel';
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter';
import type { Program, Shopper } from '../wire.ts';
import { createAssetUrl } from './asset-url.ts';
import { WorldDate } from './clock.ts';
import { registerElements } from './elements/register.ts';
import { FileUrls } from './files/file-urls.ts';
import type { PhoneFiles } from './files/phone-files.ts';
import type { Network } from './network.ts';
import { addressedPage } from './pages/address.ts';
import { createRouter, type Router } from './pages/router.ts';
import { parseUrl, type Target } from './pages/url.ts';
import { type AppHolder, createAppHolder } from './program/app.ts';
import { createLoader } from './program/module-loader.ts';
import { createRegistry } from './program/registry.ts';
import { PhoneBackend } from './render/dom-backend.ts';
import { fitFramework } from './render/framework.ts';
import { createTheme, type ThemeSource } from './render/theme.ts';
import type { Server } from './server.ts';
import type { Settings } from './settings.ts';
import { chooseAvatar } from './shell/avatar.ts';
import { createControls } from './shell/controls.ts';
import { showMissing } from './shell/missing-notice.ts';
import { createPhone, type Phone } from './shell/phone.ts';
import { showPicker } from './shell/picker-sheet.ts';
import { createWx } from './wx/create-wx.ts';

export interface Runtime {
  readonly router: Router;
  readonly network: Network;
  readonly theme: ThemeSource;
  readonly wx: Readonly<Record<string, unknown>>;
  readonly getApp: () => unknown;
}

/** Starts a compiled mini-program on a phone inside `root`, at the page that the address names or at its first. */
export function startRuntime({
  root,
  program,
  shoppers,
  settings,
  server,
  network,
  files,
}: {
  root: HTMLElement;
  program: Program;
  shoppers: readonly Shopper[];
  settings: Settings;
  server: Server;
  network: Network;
  files: PhoneFiles;
}): Runtime {
  fitFramework();
  const theme = createTheme({ darkmode: program.app.darkmode, chosen: settings.theme });
  const launch = parseUrl(
    location.hash.length > 2 ? addressedPage(location.hash) : `/${program.app.entryPagePath}`,
  );
  const phone = createPhone(root, {
    network,
    app: program.app,
    platform: settings.platform,
    theme,
    listeners: {
      back: () => void router.navigateBack(1),
      home: () => void router.reLaunch(`/${program.app.entryPagePath}`),
      tab: (pagePath) => void router.switchTab(`/${pagePath}`),
    },
  });
  showMissing(phone);
  root.append(createControls({ settings, shoppers, theme, network }));

  const { codeSpace, backend } = createFrameworkSpace(theme, phone);
  const urls = new FileUrls(files);
  const assetUrl = createAssetUrl(urls);
  const app = createAppHolder();
  const logicGlobal = {};
  const load = (file: string): unknown => loader(file);
  const registry = createRegistry({ program, codeSpace, backend, load });
  const router = createRouter(
    { program, registry, codeSpace, backend, container: phone.pages, theme: theme.current },
    phone,
  );
  theme.subscribe(router.drawTheme);
  const wx = createWx({
    ...{ program, phone, router, server, network, theme, settings, assetUrl, files, urls },
    launch: { path: launch.route, query: launch.query },
  });
  registerElements(codeSpace.getComponentSpace(), {
    assetUrl,
    navigate: (openType, target) => navigate(router, openType, target),
    pick: (columns) => showPicker(phone, columns),
    share: () => void router.current()?.call('onShareAppMessage', { from: 'button' }),
    chooseAvatar: () => chooseAvatar(phone, files),
  });
  const loader = createLoader(program.modules, {
    ...{ wx, App: app.App, Page: registry.Page, Component: registry.Component, Behavior: registry.Behavior },
    getApp: app.getApp,
    getCurrentPages: () => router.stack().map(({ caller }) => caller),
    global: logicGlobal,
    globalThis: logicGlobal,
    Date: WorldDate,
  });

  load(program.appScript);
  theme.subscribe((current) => app.call('onThemeChange', { theme: current }));
  launchApp(app, router, program, launch);
  return { router, network, theme, wx, getApp: app.getApp };
}

function createFrameworkSpace(theme: ThemeSource, phone: Phone) {
  const env = new MiniProgramEnv();
  const domBackend = new PhoneBackend({ theme, pageHeight: phone.pageHeight });
  const backend = env.associateBackend(domBackend);
  domBackend.onEvent((target, type, detail, options) => {
    triggerEvent(target, type, detail, options);
    return undefined;
  });
  return { codeSpace: env.createCodeSpace('', true), backend };
}

function launchApp(app: AppHolder, router: Router, program: Program, { route, query }: Target): void {
  const options = { path: route, query, scene: 1001 };
  app.call('onLaunch', options);
  app.call('onShow', options);
  document.addEventListener('visibilitychange', () =>
    document.hidden ? app.call('onHide') : app.call('onShow', options),
  );
  if (program.components[route]?.isPage) {
    router.launch({ route, query });
    return;
  }
  app.call('onPageNotFound', { ...options, isEntryPage: true });
  router.launch({ route: program.app.entryPagePath, query: {} });
}

function navigate(router: Router, openType: string, { url, delta }: { url: string; delta: number }): void {
  const ways: Readonly<Record<string, () => Promise<unknown>>> = {
    navigate: () => router.navigateTo(url),
    redirect: () => router.redirectTo(url),
    switchTab: () => router.switchTab(url),
    reLaunch: () => router.reLaunch(url),
    navigateBack: () => router.navigateBack(delta),
  };
  const go = ways[openType];
  if (!go) throw new Error(`<navigator open-type="${openType}"> is not in the simulator`);
  // A phone only logs what it refuses here; unhandled, it becomes one of __sim.errors.
  void go();
}
