import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveCloud } from '../../scripts/local/cloud/server.ts';
import { bundleSdk, LEFT_OUT } from '../../scripts/sdk-bundle.ts';
import { index, smallWorld } from '../local/cloud/world.ts';
import { OPERATIONS } from './operations.ts';

/** The SDK as it was published, as it goes up, and bundled whole. */
const PUBLISHED = createRequire(import.meta.url).resolve('wx-server-sdk');
const BUILT = fileURLToPath(new URL('../../dist/cloudfunctions/createOrder/sdk.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url));

interface Sent {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Outcome {
  readonly result?: unknown;
  readonly error?: unknown;
  readonly touched: readonly string[];
  readonly exported: readonly string[];
}

interface Done {
  readonly sent: readonly Sent[];
  readonly outcome: Outcome;
  /** Whether what was to go wrong did. */
  readonly isHit: boolean;
}

let folder: string;
let whole: string;
/** What each operation came to, by build. */
const done: Record<'published' | 'built' | 'whole', Record<string, Done>> = {
  published: {},
  built: {},
  whole: {},
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sdk-'));
  whole = path.join(folder, 'whole.cjs');
  await writeFile(whole, await bundleSdk({ isWhole: true }));
  const recorder = await Recorder.start();
  try {
    for (const [build, file] of Object.entries({ published: PUBLISHED, built: BUILT, whole }))
      done[build as keyof typeof done] = await perform(file, recorder);
  } finally {
    recorder.close();
  }
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

describe.each(['built', 'whole'] as const)('the SDK %s, beside the SDK as it was published', (build) => {
  test.each(OPERATIONS)('sends and gives the same when $name', ({ name, fails }) => {
    const published = done.published[name];
    expect(published?.isHit).toBe(true);
    if (fails === undefined) expect(published?.outcome).not.toHaveProperty('error');
    else expect(published?.outcome.error).toMatchObject(fails);
    expect(done[build][name]).toEqual(published);
  });
});

test('the operations call everything that cloudfunctions/_shared/cloud/database/sdk.ts describes', async () => {
  const file = new URL('../../cloudfunctions/_shared/cloud/database/sdk.ts', import.meta.url);
  const described = [...(await readFile(file, 'utf8')).matchAll(/^ {2}(\w+)\(.*;$/gm)].map(
    ([, name]) => name,
  );
  const others = ['init', 'database', 'getWXContext'];
  const touched = new Set([
    ...others,
    ...Object.values(done.published).flatMap(({ outcome }) => outcome.touched),
  ]);
  expect([...new Set(described)].filter((name) => !touched.has(String(name)))).toEqual([]);
  expect(described.length).toBeGreaterThan(15);
});

test.each(Object.keys(LEFT_OUT))('%s throws its name, and how to have it, when it is used', async (name) => {
  const text = await readFile(BUILT, 'utf8');
  expect(text).toContain(`${name} is left out of sdk.js`);
  expect(await readFile(whole, 'utf8')).not.toContain(`${name} is left out`);
});

test('what is left out is missed where it is used, by its name', () => {
  const sdk = createRequire(import.meta.url)(BUILT);
  sdk.init({ env: 'local' });
  expect(() => sdk.ai()).toThrow('is left out of sdk.js (it serves cloud.ai()). To have it, set IS_WHOLE');
});

/** Runs every operation with one build of the SDK, on a cloud of its own. */
async function perform(file: string, recorder: Recorder): Promise<Record<string, Done>> {
  const world = await smallWorld({ indexes: [index('n', ['n']), index('at', ['at'])], random: () => 0.5 });
  const server = await serveCloud({ cloud: world.cloud });
  recorder.target = new URL(server.url);
  const TCB_CONTEXT_CNFG = JSON.stringify({ URL: `http://127.0.0.1:${recorder.port}/admin` });
  const identity = { WX_OPENID: 'oShopper', WX_APPID: 'wx1', WX_CONTEXT_KEYS: 'WX_OPENID,WX_APPID' };
  const program = fork(PROGRAM, [file], {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
    env: { PATH: process.env.PATH, TZ: 'UTC', ...server.env, TCB_CONTEXT_CNFG, ...identity },
  });
  const performed: Record<string, Done> = {};
  for (const { name, fault } of OPERATIONS) {
    const takeBack = fault && world.cloud.faults.add(fault);
    const outcome = await ask(program, name);
    const isHit = world.cloud.faults.waiting().every(({ times }) => times !== (fault?.times ?? 1));
    takeBack?.();
    performed[name] = { sent: recorder.take(), outcome, isHit };
  }
  program.kill();
  await Promise.all([once(program, 'exit'), server.dispose()]);
  await world.cloud.dispose();
  return performed;
}

function ask(program: ChildProcess, name: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error(`the program ended at: ${name}`));
    program.once('exit', gone);
    program.once('message', (outcome: Outcome) => {
      program.off('exit', gone);
      resolve(outcome);
    });
    program.send(name);
  });
}

/** Stands before a cloud, by one port for all, and keeps what is sent to it. */
class Recorder {
  #sent: Sent[] = [];
  target: URL | undefined;

  readonly #server = createServer(async (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const body = await buffer(incoming);
    this.#sent.push({ method, url, headers, body: body.toString('utf8') });
    const { hostname, port } = this.target ?? {};
    const onwardHeaders = { ...headers, host: `${hostname}:${port}` };
    const onward = request(
      { hostname, port, path: url, method, headers: onwardHeaders, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => incoming.socket.resetAndDestroy());
    onward.end(body);
  });

  static async start(): Promise<Recorder> {
    const recorder = new Recorder();
    recorder.#server.listen(0, '127.0.0.1');
    await once(recorder.#server, 'listening');
    return recorder;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  take(): readonly Sent[] {
    return this.#sent.splice(0);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
