import path from 'node:path';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { build, FUNCTIONS_DIRECTORY } from './build.ts';
import { ENV_ID, type LocalWorld, MERCHANT, startLocalWorld } from './local/local-world.ts';
import { isScenario, playScenario, SCENARIOS, type ScenarioName } from './local/scenarios/scenarios.ts';

/** The usual first port. */
const PORT = 7600;
/** How soon we notice that npm was ended. */
const PARENT_CHECK_MS = 250;

const USAGE = `Starts the local world: CloudBase, WeChat Pay and the functions, on this machine only.

  npm start -- [options]

  --port N       the first of a row of ports (default ${PORT}, or any when those are taken); 0 takes any
  --data DIR     keep the world's memory in DIR between runs
  --virtual      a new world sells through virtual payment instead of ordinary WeChat Pay
  --scenario N   begin a new world with a scenario: ${Object.keys(SCENARIOS).join(', ')}
  --seed N       everything that is left to chance is the same again for the same N
  --project DIR  the mini-program project on the phone (default this one)
  --json         print one line of JSON when ready, and nothing else
  --help         this text`;

const { values: flags } = readFlags();
if (flags.help) {
  console.log(USAGE);
  process.exit(0);
}
refuseRealCredentials();
const scenario = flags.scenario === undefined ? undefined : readScenario(flags.scenario);
const wantedPort = flags.port === undefined ? undefined : readPort(flags.port);
const parent = process.ppid;
const progress = (part: string, place = '') => {
  if (!flags.json) console.log(`  ${pc.green('✓')} ${part.padEnd(12)} ${pc.dim(place)}`);
};

const started = performance.now();
if (!flags.json) console.log(pc.bold('Starting the local world'));
const built = await build();
progress('build', `${built.length} functions in dist/cloudfunctions`);
const world = await start();
if (scenario) await play(scenario);
announce(world);
endWith(world);

/** Takes the usual ports where they are free; a port that was asked for is taken or refused. */
async function start(): Promise<LocalWorld> {
  const options = {
    functionsDirectory: FUNCTIONS_DIRECTORY,
    project: path.resolve(flags.project),
    remindsShoppers: true,
    onProgress: progress,
    onWarning: (message: string) => console.error(`${pc.yellow('strict')} ${message}`),
    ...(flags.virtual ? { sellsBy: 'virtualpay' as const } : {}),
    ...(flags.seed === undefined ? {} : { seed: readSeed(flags.seed) }),
    ...(flags.data === undefined ? {} : { dataDirectory: flags.data }),
  };
  try {
    return await startLocalWorld({ ...options, port: wantedPort ?? PORT });
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    if (wantedPort === undefined) return startLocalWorld({ ...options, port: 0 });
    fail(`Port ${error.port} is taken. Choose another with --port, or --port 0 for any.`);
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
  if (flags.json) {
    console.log(JSON.stringify(ready));
    return;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`\n${pc.bold(`Ready in ${seconds} s.`)} Ctrl-C ends it.\n`);
  console.log(`Open ${pc.cyan(page.url)} and watch.\n`);
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

function readFlags() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        virtual: { type: 'boolean', default: false },
        scenario: { type: 'string' },
        seed: { type: 'string' },
        project: { type: 'string', default: '.' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    fail(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_500) return port;
  fail(`--port takes a number from 0 to 65500, not ${text}.`);
}

function readScenario(name: string): ScenarioName {
  if (isScenario(name)) return name;
  fail(`There is no scenario ${name}. There are: ${Object.keys(SCENARIOS).join(', ')}.`);
}

function readSeed(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  fail(`--seed takes a whole number, not ${text}.`);
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
