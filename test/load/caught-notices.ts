import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const SUCCESS = '<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>';
/** WeChat sends a notice at once; a busy machine is given time. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 20;

/** Stands where WeChat's notices go, and keeps them: bodies that payNotify can be sent as often as one likes. */
export interface CaughtNotices {
  readonly url: string;
  /** The bodies by out_trade_no. */
  readonly bodies: ReadonlyMap<string, string>;
  /** Resolves when the notices of so many orders came; rejects when they do not come for long. */
  gathered(orders: number): Promise<void>;
  close(): void;
}

export async function catchNotices(): Promise<CaughtNotices> {
  const bodies = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const out_trade_no = /<out_trade_no><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1];
    if (out_trade_no !== undefined) bodies.set(out_trade_no, body);
    response.writeHead(200, { 'content-type': 'text/xml', connection: 'close' }).end(SUCCESS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/payNotify`,
    bodies,
    async gathered(orders) {
      const latest = performance.now() + PATIENCE_MS;
      while (bodies.size < orders) {
        if (performance.now() > latest) throw new Error(`${bodies.size} of ${orders} notices came.`);
        await wait(PAUSE_MS);
      }
    },
    close: () => server.close(),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
