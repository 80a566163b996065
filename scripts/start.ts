import pc from 'picocolors';
import { build, FUNCTIONS_DIRECTORY } from './build.ts';
import { DESK_PATH, employFirstShopper } from './local/desk.ts';
import { ProjectError } from './local/foreign-project.ts';
import { ENV_ID, type LocalWorld, MERCHANT, startLocalWorld } from './local/local-world.ts';
import { playScenario, SCENARIOS, type ScenarioName } from './local/scenarios/scenarios.ts';
import { accompany, openForeign } from './start/foreign.ts';
import { OptionError, PORT, readOptions, USAGE } from './start/options.ts';

/** How soon we notice that npm was ended. */
const PARENT_CHECK_MS = 250;

const options = read();
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
refuseRealCredentials();
const parent = process.ppid;
const progress = (part: string, place = '') => {
  if (!options.json) console.log(`  ${pc.green('✓')} ${part.padEnd(12)} ${pc.dim(place)}`);
};

const started = performance.now();
if (!options.json) console.log(pc.bold('Starting the local world'));
const foreign = open();
if (!foreign) {
  const built = await build();
  progress('build', `${built.length} functions in dist/cloudfunctions`);
}
const world = await start();
if (options.scenario) await play(options.scenario);
if (options.desk) await employFirstShopper(world);
if (foreign) accompany(world, foreign, (line) => console.error(`${pc.yellow('project')} ${line}`));
announce(world);
endWith(world);

/** Takes the usual ports where they are free; a port that was asked for is taken or refused. */
async function start(): Promise<LocalWorld> {
  const { port, project, seed, data } = options;
  const settings = {
    functionsDirectory: FUNCTIONS_DIRECTORY,
    project,
    remindsShoppers: foreign === undefined,
    ships: options.shipping,
    onProgress: progress,
    onWarning: (message: string) => console.error(`${pc.yellow('strict')} ${message}`),
    onMissing: (name: string, usedBy: string) =>
      console.error(`${pc.yellow('phone')} the simulator has no ${name}, which ${usedBy} asks for`),
    ...(options.virtual ? { sellsBy: 'virtualpay' as const } : {}),
    ...(options.desk ? { phonePath: DESK_PATH } : {}),
    ...(foreign ? { deployed: foreign } : {}),
    ...(seed === undefined ? {} : { seed }),
    ...(data === undefined ? {} : { dataDirectory: data }),
  };
  try {
    return await startLocalWorld({ ...settings, port: port ?? PORT });
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    if (port === undefined) {
      if (!options.json)
        console.log(
          `  ${pc.yellow('!')} Port ${error.port} is taken: this world starts again on ports that are free`,
        );
      return startLocalWorld({ ...settings, port: 0 });
    }
    fail(`Port ${error.port} is taken. Choose another with --port, or --port 0 for any.`);
  }
}

/** The other project, with what will not work of it said at once; undefined where it is this one. */
function open() {
  try {
    const opened = openForeign(options);
    for (const problem of opened?.problems ?? []) console.error(`${pc.yellow('project')} ${problem}`);
    return opened;
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    fail(error.message);
  }
}

async function play(name: ScenarioName): Promise<void> {
  try {
    await playScenario(world, name);
  } catch (error) {
    await world.close();
    fail(error instanceof Error ? error.message : String(error));
  }
  progress('scenario', SCENARIOS[name].title);
}

function announce({ cloudServer, gateway, wechatpayServer, weixinServer, ...world }: LocalWorld): void {
  const { console: page, phone } = world;
  const ready = {
    simulator: phone?.url,
    cloud: cloudServer.url,
    http: gateway.url,
    wechatpay: wechatpayServer.url,
    weixin: weixinServer.url,
    console: page.url,
    merchant: MERCHANT,
    env: { ...cloudServer.env, TCB_ENV: ENV_ID },
  };
  if (options.json) {
    console.log(JSON.stringify(ready));
    return;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`\n${pc.bold(`Ready in ${seconds} s.`)} Ctrl-C ends it.\n`);
  console.log(`Open ${pc.cyan(page.url)} and watch.\n`);
  if (options.desk && phone) console.log(`The operators' desk: ${pc.cyan(`${phone.url}#${DESK_PATH}`)}\n`);
  console.log('A program of yours reaches the database with wx-server-sdk under these variables:\n');
  for (const [name, value] of Object.entries(ready.env)) console.log(`  ${name}=${pc.cyan(quoted(value))}`);
}

/** Ends every child when the terminal, or whoever started us, says so. A second signal does not wait. */
function endWith(running: LocalWorld): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) process.exit(1);
    isEnding = true;
    running.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  if (process.env.npm_lifecycle_event !== 'start') return;
  // Whoever ends npm ends the shell in between, which passes nothing on: then nobody could reach us with a signal.
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, PARENT_CHECK_MS);
}

/** The local world hands out made-up credentials; beside real ones a mistake could reach a real account. */
function refuseRealCredentials(): void {
  if (!/^AKID/.test(process.env.TENCENTCLOUD_SECRETID ?? '')) return;
  fail(
    'TENCENTCLOUD_SECRETID looks real. The local world does not start beside it: unset it in this terminal.',
  );
}

function read() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    fail(error.message);
  }
}

function isPortTaken(error: unknown): error is NodeJS.ErrnoException & { port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function quoted(value: string): string {
  return /^[\w.:/-]*$/.test(value) ? value : `'${value}'`;
}

function fail(message: string): never {
  console.error(pc.red(message));
  process.exit(1);
}
