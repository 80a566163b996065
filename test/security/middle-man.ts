import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Message, readXml, writeXml } from '../../scripts/local/wechatpay/xml.ts';

/** What comes back in place of the truth: a message, any text, or what is done with the connection. */
export type Lie = Message | string | ((response: ServerResponse) => unknown);

/** Somebody between the shop and WeChat Pay, who passes everything on until it is given a lie. */
export interface MiddleMan {
  readonly url: string;
  /** Makes a lie of the truth; undefined passes it on. */
  alter: ((truth: Message) => Lie) | undefined;
  /** How many requests came so far. */
  requests: number;
  close(): void;
}

/** @param target where WeChat Pay is, once that is known */
export async function standBetween(target: () => string): Promise<MiddleMan> {
  const server = createServer(async (request, response) => {
    man.requests++;
    const body = await buffer(request);
    const answer = await fetch(`${target()}${request.url}`, { method: 'POST', body: new Uint8Array(body) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const truth = bytes.toString('utf8');
    // A bill is a file.
    const lie = truth.startsWith('<xml>') ? man.alter?.(readXml(truth)) : undefined;
    if (lie === undefined) return response.writeHead(200, { 'content-type': 'text/xml' }).end(bytes);
    if (typeof lie === 'function') return lie(response);
    return response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(typeof lie === 'string' ? lie : writeXml(lie));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const man: MiddleMan = {
    url: `http://127.0.0.1:${port}`,
    alter: undefined,
    requests: 0,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return man;
}
