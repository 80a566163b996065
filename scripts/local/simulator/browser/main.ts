import { worldNow } from './clock.ts';
import { isFramed, obeyConsole } from './console.ts';
import { openFileDatabase } from './files/file-database.ts';
import { PhoneFiles } from './files/phone-files.ts';
import { createNetwork } from './network.ts';
import {
  collectUncaught,
  errors,
  missing,
  onMissing,
  reportError,
  reportWarning,
  warnings,
} from './problems.ts';
import { type Runtime, startRuntime } from './runtime.ts';
import { chooseScreen } from './screen.ts';
import { connectServer } from './server.ts';
import { readLanguage, readSettings } from './settings.ts';
import { showProblems } from './shell/problem-page.ts';

declare global {
  interface Window {
    __sim: SimulatorHandle;
  }
}

/** What tests and people who script the simulator hold on to. */
interface SimulatorHandle {
  /** The first page has been shown and its onReady has been called. */
  readonly ready: boolean;
  /** Milliseconds from the start of the load to the first page. */
  readonly firstPageMs: number | undefined;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** What the mini-program asked for and the simulator has not, each once: `<camera>`, `wx.createWorker`. */
  readonly missing: readonly string[];
  readonly compileErrors: readonly string[];
  readonly wx: Runtime['wx'] | undefined;
  /** The page that is shown, as `getCurrentPages()` gives it. */
  page(): unknown;
  /** The data of the page that is shown. */
  data(): unknown;
  /** The route of the page that is shown, without a leading slash. */
  route(): string | undefined;
  pageStack(): string[];
  getApp(): unknown;
  setNetwork(connected: boolean): void;
  setTheme(theme: 'light' | 'dark'): void;
}

const network = createNetwork();
const compileErrors: string[] = [];
let runtime: Runtime | undefined;
let openid = '';
let firstPageMs: number | undefined;

window.__sim = {
  get ready() {
    return runtime?.router.current()?.isReady() ?? false;
  },
  get firstPageMs() {
    return firstPageMs;
  },
  get wx() {
    return runtime?.wx;
  },
  ...{ errors, warnings, missing, compileErrors },
  page: () => runtime?.router.current()?.caller,
  data: () => runtime?.router.current()?.caller.data,
  route: () => runtime?.router.current()?.route,
  pageStack: () => runtime?.router.stack().map(({ route }) => route) ?? [],
  getApp: () => runtime?.getApp(),
  setNetwork: (connected) => network.set(connected),
  setTheme: (theme) => runtime?.theme.choose(theme),
};

collectUncaught();
obeyConsole(network);
document.body.toggleAttribute('data-framed', isFramed());
void start();

async function start(): Promise<void> {
  const root = document.getElementById('simulator');
  if (!root) throw new Error('the page has no #simulator');
  try {
    const server = connectServer(() => openid, network);
    const answer = await server.program();
    if (answer.kind === 'errors') {
      compileErrors.push(...answer.errors);
      showProblems(root, 'notCompiled', { problems: answer.errors, language: readLanguage() });
      return;
    }
    const [first, ...others] = answer.shoppers;
    if (!first) throw new Error('the local world has no shoppers');
    const settings = readSettings([first, ...others]);
    openid = settings.shopper.openid;
    chooseScreen(settings);
    const { program, shoppers } = answer;
    for (const warning of program.warnings) reportWarning(warning);
    const saver = await openFileDatabase({ appid: program.appid, openid });
    const files = new PhoneFiles({ now: worldNow, saver, entries: saver.entries });
    onMissing((name, usedBy) =>
      server.reportMissing(name, usedBy ?? runtime?.router.current()?.route ?? 'app'),
    );
    runtime = startRuntime({ root, program, shoppers, settings, server, network, files });
    firstPageMs = Math.round(performance.now());
  } catch (error) {
    reportError('start', error);
    showProblems(root, 'notStarted', { problems: errors, language: readLanguage() });
  }
}
