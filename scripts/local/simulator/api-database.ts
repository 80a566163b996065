import type { Hono } from 'hono';
import { stream } from 'hono/streaming';
import * as v from 'valibot';
import type { SimulatorBackend } from './backend.ts';
import { decode, encode } from './ejson.ts';
import { shopperOf } from './shopper-of.ts';
import type { WatchLine } from './wire.ts';

/** What one phone watches at a time. */
const WATCHES_MAX = 50;

const Fields = v.record(v.string(), v.unknown());
const Id = v.union([v.string(), v.number()]);
const Query = v.object({
  collection: v.string(),
  where: Fields,
  order: v.array(v.object({ field: v.string(), direction: v.picklist(['asc', 'desc']) })),
  skip: v.number(),
  limit: v.exactOptional(v.number()),
  field: v.exactOptional(Fields),
});
const DatabaseCall = v.object({
  openid: v.string(),
  request: v.variant('kind', [
    v.object({ kind: v.literal('get'), ...Query.entries }),
    v.object({ kind: v.literal('count'), collection: v.string(), where: Fields }),
    v.object({ kind: v.literal('add'), collection: v.string(), data: Fields }),
    v.object({ kind: v.literal('set'), collection: v.string(), id: Id, data: Fields }),
    v.object({
      ...{ kind: v.literal('update'), collection: v.string(), where: Fields },
      ...{ update: Fields, isOne: v.boolean() },
    }),
    v.object({ kind: v.literal('remove'), collection: v.string(), where: Fields, isOne: v.boolean() }),
  ]),
});
const Watches = v.object({
  openid: v.string(),
  watches: v.pipe(v.array(v.object({ id: v.number(), query: Query })), v.maxLength(WATCHES_MAX)),
});

/** `wx.cloud.database()`: reads and writes, and what is watched. */
export function serveDatabase(api: Hono, backend: SimulatorBackend): void {
  api.post('/__sim/database', async (context) => {
    const { openid, request } = v.parse(DatabaseCall, decode(await context.req.json()));
    const answer = encode(await backend.database(request, shopperOf(backend, openid)));
    return context.body(JSON.stringify(answer), 200, { 'content-type': 'application/json' });
  });
  // One line for each result of each query, for as long as the phone listens. A phone that watches something else asks anew.
  api.post('/__sim/watch', async (context) => {
    const { openid, watches } = v.parse(Watches, decode(await context.req.json()));
    return stream(context, async (lines) => {
      const stops: (() => void)[] = [];
      const over = new Promise<void>((resolve) => lines.onAbort(resolve));
      const tell = (line: WatchLine) => void lines.writeln(JSON.stringify(encode(line))).catch(() => {});
      for (const { id, query } of watches) {
        const answer = await backend.watch(query, shopperOf(backend, openid), (documents) =>
          tell({ id, documents }),
        );
        if ('error' in answer) tell({ id, error: answer.error });
        else stops.push(answer.stop);
      }
      await over;
      for (const stop of stops) stop();
    });
  });
}
