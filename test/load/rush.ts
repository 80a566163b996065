import { Agent, request } from 'node:http';
import type { CreateOrderAnswer, ErrorAnswer, OrderAnswer } from '../../cloudfunctions/_shared/contract.ts';
import { startWorld, type WorldProcess } from '../processes/world-process.ts';
import { catchNotices } from './caught-notices.ts';
import { type Figures, Stopwatch } from './figures.ts';
import { type MemorySample, watchMemory } from './memory.ts';

export interface LoadOptions {
  /** How many order and pay at once. */
  readonly shoppers: number;
  /** How many connections send notices to payNotify, each one after the other. */
  readonly connections: number;
  /** For how long they do. */
  readonly seconds: number;
}

export interface LoadResult {
  /** createOrder, of all shoppers at once. */
  readonly orders: Figures;
  /** The cashier: opened and paid. */
  readonly payments: Figures;
  /** payNotify, over HTTP. */
  readonly notices: Figures;
  /** While notices came. */
  readonly memory: readonly MemorySample[];
  /** checkOrder, of all shoppers at once: each must be SUCCESS, with a membership. */
  readonly checks: Figures;
  readonly complaints: string;
}

const WISH = { product_id: 'city', months: 3, expected_total_fee: 4800 };
type Answer<Of> = { readonly result?: Of | ErrorAnswer; readonly error?: { readonly code: string } };

/** All shoppers at once, then notices of their payments over so many connections for so long. Ends by itself. */
export async function rush({ shoppers, connections, seconds }: LoadOptions): Promise<LoadResult> {
  const caught = await catchNotices();
  const openids = Array.from({ length: shoppers }, (_, at) => `oLoad-${String(at).padStart(22, '0')}`);
  const world = await startWorld({ openids, variables: { WECHAT_PAY_NOTIFY_URL: caught.url } });
  try {
    const placed = new Map<string, CreateOrderAnswer>();
    const orders = await forEach(openids, async (openid) => {
      const data = { ...WISH, request_id: `load-${openid}` };
      const answer = (await world.phone('function', {
        openid,
        name: 'createOrder',
        data,
      })) as Answer<CreateOrderAnswer>;
      if (!answer.result || 'errcode' in answer.result) return wrong(answer);
      placed.set(openid, answer.result);
      return undefined;
    });
    const payments = await forEach([...placed], ([openid, { payment }]) => pay(world, openid, payment));
    await caught.gathered(placed.size);
    const over = new AbortController();
    const watching = watchMemory(world, over.signal);
    const notices = await post(`${world.gateway}/payNotify`, [...caught.bodies.values()], {
      connections,
      seconds,
    });
    over.abort();
    const checks = await forEach([...placed], async ([openid, { order }]) => {
      const data = { out_trade_no: order.out_trade_no };
      const answer = (await world.phone('function', {
        openid,
        name: 'checkOrder',
        data,
      })) as Answer<OrderAnswer>;
      if (!answer.result || 'errcode' in answer.result) return wrong(answer);
      const { trade_state, expires_at } = answer.result.order;
      return trade_state === 'SUCCESS' && expires_at ? undefined : `${trade_state} until ${expires_at}`;
    });
    return {
      orders,
      payments,
      notices,
      memory: await watching,
      checks,
      complaints: world.complaints.join(''),
    };
  } finally {
    await world.kill();
    caught.close();
  }
}

function wrong({ result, error }: Answer<object>): string {
  return error?.code ?? (result && 'errcode' in result ? result.errcode : 'no answer');
}

async function pay(world: WorldProcess, openid: string, parameters: object): Promise<string | undefined> {
  const opened = (await world.phone('cashier/open', { openid, parameters })) as {
    id?: string;
    reason?: string;
  };
  if (opened.id === undefined) return `refused: ${opened.reason}`;
  const paid = (await world.phone('cashier/pay', { id: opened.id })) as { kind: string; reason?: string };
  return paid.kind === 'paid' ? undefined : `not paid: ${paid.reason}`;
}

async function forEach<Item>(
  items: readonly Item[],
  call: (item: Item) => Promise<string | undefined>,
): Promise<Figures> {
  const watch = new Stopwatch();
  await Promise.all(items.map((item) => watch.time(() => call(item))));
  return watch.figures;
}

/** Posts the bodies in turn, each of them at least once, until the time is over. Every reply must be SUCCESS. */
async function post(
  url: string,
  bodies: readonly string[],
  { connections, seconds }: Pick<LoadOptions, 'connections' | 'seconds'>,
): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const watch = new Stopwatch();
  const end = performance.now() + seconds * 1000;
  let next = 0;
  const connection = async () => {
    while (next < bodies.length || performance.now() < end) {
      const body = bodies[next++ % bodies.length] ?? '';
      await watch.time(() => postOne(url, body, agent));
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return watch.figures;
}

function postOne(url: string, body: string, agent: Agent): Promise<string | undefined> {
  const headers = { 'content-type': 'text/xml' };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers, agent }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk) => {
        text += chunk;
      });
      reply.on('error', reject);
      reply.on('end', () => {
        const isSuccess = reply.statusCode === 200 && text.includes('<![CDATA[SUCCESS]]>');
        resolve(isSuccess ? undefined : `${reply.statusCode} ${text.slice(0, 100)}`);
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
