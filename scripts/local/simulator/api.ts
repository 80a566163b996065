import { Hono } from 'hono';
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import { serveAsset } from './assets.ts';
import type { SimulatorBackend } from './backend.ts';
import type { RuntimeBundle } from './bundle.ts';
import { type Compilation, compileProject } from './compiler/compile.ts';
import type { ModuleCache } from './compiler/modules.ts';
import { decode, encode } from './ejson.ts';
import { CLOCK_OFFSET_HEADER, type ProgramAnswer, type Shopper } from './wire.ts';

const FunctionCall = v.object({ openid: v.string(), name: v.string(), data: v.unknown() });

const Where = v.record(v.string(), v.unknown());
const DatabaseCall = v.object({
  openid: v.string(),
  request: v.variant('kind', [
    v.object({
      kind: v.literal('get'),
      collection: v.string(),
      where: Where,
      order: v.array(v.object({ field: v.string(), direction: v.picklist(['asc', 'desc']) })),
      skip: v.number(),
      limit: v.number(),
      field: v.exactOptional(v.record(v.string(), v.unknown())),
    }),
    v.object({ kind: v.literal('count'), collection: v.string(), where: Where }),
  ]),
});

const PaymentOpening = v.object({
  openid: v.string(),
  parameters: v.object({
    timeStamp: v.string(),
    nonceStr: v.string(),
    package: v.string(),
    signType: v.string(),
    paySign: v.string(),
  }),
});
const PaymentOutcome = v.object({ id: v.string(), reason: v.optional(v.string(), '') });

/** A clock that may run ahead of the machine's. */
export type OffsetClock = Clock & { readonly offset: number };

export interface SimulatorParts {
  readonly project: string;
  readonly backend: SimulatorBackend;
  readonly clock: OffsetClock;
  readonly bundle: () => Promise<RuntimeBundle>;
}

/** Everything that the phone in the browser asks its server for. */
export function createApi({ project, backend, clock, bundle }: SimulatorParts): Hono {
  const api = new Hono();
  const cache: ModuleCache = new Map();
  const shopperOf = (openid: string): Shopper =>
    backend.shoppers.find((shopper) => shopper.openid === openid) ?? backend.shoppers[0];

  // Any page in the developer's browser can reach a loopback port; only the simulator's own page may use this one.
  api.use(async (context, next) => {
    if (!isOwnPage(context.req.header('origin'), context.req.header('host'))) {
      return context.text('This server answers the simulator’s own page only\n', 403);
    }
    await next();
    context.header(CLOCK_OFFSET_HEADER, String(clock.offset));
    context.header('cache-control', 'no-store');
    return;
  });

  api.get('/', (context) => context.html(PAGE));
  api.get('/__sim/runtime.js', async (context) =>
    context.body((await bundle()).script, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  );
  api.get('/__sim/runtime.css', async (context) =>
    context.body((await bundle()).style, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
  api.get('/__sim/asset/*', (context) =>
    serveAsset(project, decodeURIComponent(context.req.path.slice('/__sim/asset/'.length))),
  );
  api.get('/__sim/clock', (context) => context.body(null, 204));
  api.get('/__sim/program', async (context) => {
    const compilation: Compilation = await compileProject(project, cache);
    const answer: ProgramAnswer =
      compilation.kind === 'program' ? { ...compilation, shoppers: backend.shoppers } : compilation;
    return context.json(answer);
  });

  api.post('/__sim/function', async (context) => {
    const { openid, name, data } = v.parse(FunctionCall, decode(await context.req.json()));
    const answer = await backend.callFunction(name, data, shopperOf(openid));
    // A function's result is plain JSON on the real platform too: its dates arrive as text.
    return context.json('error' in answer ? answer : { result: answer.result ?? null });
  });
  api.post('/__sim/database', async (context) => {
    const { openid, request } = v.parse(DatabaseCall, decode(await context.req.json()));
    return context.body(JSON.stringify(encode(await backend.database(request, shopperOf(openid)))), 200, {
      'content-type': 'application/json',
    });
  });

  const { cashier } = backend;
  api.post('/__sim/cashier/open', async (context) => {
    const { openid, parameters } = v.parse(PaymentOpening, await context.req.json());
    return context.json(await cashier.open(parameters, shopperOf(openid)));
  });
  api.post('/__sim/cashier/pay', async (context) => {
    const { id } = v.parse(PaymentOutcome, await context.req.json());
    return context.json(await cashier.pay(id));
  });
  api.post('/__sim/cashier/fail', async (context) => {
    const { id, reason } = v.parse(PaymentOutcome, await context.req.json());
    await cashier.fail(id, reason);
    return context.json({});
  });
  api.post('/__sim/cashier/cancel', async (context) => {
    const { id } = v.parse(PaymentOutcome, await context.req.json());
    await cashier.cancel(id);
    return context.json({});
  });

  // What the backend throws is an answer that never came; what does not parse is a fault of the simulator's own.
  api.onError((error, context) =>
    context.text(`${error.message}\n`, error instanceof v.ValiError ? 400 : 502),
  );
  return api;
}

function isOwnPage(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

const PAGE = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>小程序 · 本地模拟</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/__sim/runtime.css">
</head>
<body>
<div id="simulator"></div>
<script src="/__sim/runtime.js"></script>
</body>
</html>
`;
