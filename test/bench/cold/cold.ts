import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { readBundles } from '../../../scripts/deploy/bundle.ts';
import { functions } from '../../../scripts/manifest.ts';
import { purchase } from '../fixture.ts';
import { medianOf, ratioOf, shuffled } from '../ratios.ts';
import type { Look, Row } from '../row.ts';

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const DIST = pathOf('../../../dist/cloudfunctions');
const PEER = pathOf('peer.cjs');
const ROUNDS = 25;

interface Started {
  readonly ms: number;
  /** The process's own time, which is what counts: what else the machine does is not in it. */
  readonly cpuMs: number;
  readonly rss: number;
  readonly answer: unknown;
}

/** What is started: the function, and what its answer must contain. */
interface Start {
  readonly file: string;
  readonly name: string;
  readonly event: object;
  readonly answers: RegExp;
}

const NOTICE = { httpMethod: 'POST', body: purchase('MD5').forged };
const STARTS = {
  notice: {
    peer: { file: PEER, name: 'notice', event: NOTICE, answers: /refused/ },
    ours: { file: `${DIST}/payNotify/index.js`, name: 'main', event: NOTICE, answers: /FAIL/ },
  },
  order: {
    peer: { file: PEER, name: 'order', event: {}, answers: /absent/ },
    ours: {
      file: `${DIST}/checkOrder/index.js`,
      name: 'main',
      event: { out_trade_no: '0'.repeat(32) },
      answers: /ORDER_NOT_FOUND/,
    },
  },
} as const satisfies Record<string, { peer: Start; ours: Start }>;

/** Cold starts: the CPU time from the first require to the first answer, each in a process of its own, with the page cache warm. */
export const cold: Look = {
  name: 'cold',
  async look(scale) {
    const database = await emptyDatabase();
    try {
      const rounds = Math.ceil(ROUNDS * scale);
      const notice = await compare(STARTS.notice, rounds, database.url);
      const order = await compare(STARTS.order, rounds, database.url);
      const rss = (side: 'peer' | 'ours') => medianOf(order[side].map((started) => started.rss));
      return [
        rowOf('load, and a forged notice answered', 20, notice),
        rowOf('load, and the first database call', 3.2, order),
        {
          what: 'memory after it',
          peer: 'wx-server-sdk + tenpay',
          measured: rss('ours') / rss('peer'),
          goal: 0.75,
          isLeast: false,
          unit: '×',
          seen: `${mb(rss('ours'))} beside ${mb(rss('peer'))}`,
        },
        await size(),
      ];
    } finally {
      database.close();
    }
  },
};

type Compared = Readonly<Record<'peer' | 'ours', readonly Started[]>>;

async function compare(
  pair: Readonly<Record<'peer' | 'ours', Start>>,
  rounds: number,
  url: string,
): Promise<Compared> {
  const seen: Record<'peer' | 'ours', Started[]> = { peer: [], ours: [] };
  // The first of each reads the files from the disk, and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const side of shuffled(['peer', 'ours'] as const)) {
      const started = await start(pair[side], url);
      if (round >= 0) seen[side].push(started);
    }
  }
  return seen;
}

function rowOf(what: string, goal: number, { peer, ours }: Compared): Row {
  const costs = (side: readonly Started[]) => side.map(({ cpuMs }) => cpuMs);
  const waited = (side: readonly Started[]) => medianOf(side.map(({ ms }) => ms)).toFixed(0);
  const { median, quarter, threeQuarters } = ratioOf({ peer: costs(peer), ours: costs(ours) });
  const took = `${medianOf(costs(ours)).toFixed(0)} ms beside ${medianOf(costs(peer)).toFixed(0)} ms of CPU, ${waited(ours)} beside ${waited(peer)} ms to wait`;
  const spread = `half of the rounds ${quarter.toFixed(1)} to ${threeQuarters.toFixed(1)}`;
  return {
    what,
    peer: 'wx-server-sdk + tenpay',
    measured: median,
    goal,
    isLeast: true,
    unit: '×',
    seen: `${took}; ${spread}`,
  };
}

async function start({ file, name, event, answers }: Start, url: string): Promise<Started> {
  const child = fork(pathOf('start.cjs'), [file, name, JSON.stringify(event), JSON.stringify(CONTEXT)], {
    // Without what this process itself was started with: a function's process reads no TypeScript.
    execArgv: [],
    env: {
      TENCENTCLOUD_RUNENV: 'SCF',
      TENCENTCLOUD_REGION: 'ap-shanghai',
      TENCENTCLOUD_SECRETID: 'local',
      TENCENTCLOUD_SECRETKEY: 'local',
      TENCENTCLOUD_SESSIONTOKEN: 'local',
      SCF_NAMESPACE: 'bench',
      TCB_CONTEXT_CNFG: JSON.stringify({ URL: url }),
      WECHAT_PAY_MCH_ID: '1900000109',
      WECHAT_PAY_API_KEY: '8934e7d15453e97507ef794cf7b0519d',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [started]: Started[] = await once(child, 'message');
  if (child.exitCode === null) await once(child, 'exit');
  const answer = JSON.stringify(started?.answer) ?? '';
  if (!started || !answers.test(answer)) throw new Error(`${file} answered ${answer.slice(0, 300)}`);
  return started;
}

const CONTEXT = {
  namespace: 'bench',
  environment: JSON.stringify({ WX_OPENID: 'oShopper', WX_APPID: 'wxd930ea5d5a258f4f', TCB_ENV: 'bench' }),
};

/** A cloud database without documents, which answers at once. */
async function emptyDatabase(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"requestId":"1","data":{"list":[]}}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/admin`, close };
}

/** The largest function as it goes up. */
async function size(): Promise<Row> {
  const bundles = await readBundles(
    DIST,
    functions.map(({ name }) => name),
  );
  const largest = Math.max(...bundles.map(({ zip }) => zip.length));
  const alone = (await readFile(`${DIST}/payNotify/index.js`)).length;
  return {
    what: 'a function zipped, two files of code',
    peer: '–',
    measured: largest / 1024,
    goal: 200,
    isLeast: false,
    unit: 'kB',
    seen: `${(alone / 1024).toFixed(0)} kB are read before a notice is refused`,
  };
}

const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
