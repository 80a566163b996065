import { Hono } from 'hono';
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import { pageHeaders } from '../page-headers.ts';
import { serveDatabase } from './api-database.ts';
import { serveCloudFiles } from './api-files.ts';
import { serveAsset } from './assets.ts';
import type { SimulatorBackend } from './backend.ts';
import type { RuntimeBundle } from './bundle.ts';
import type { ModuleCache } from './compiler/modules.ts';
import { decode } from './ejson.ts';
import type { PhoneNetwork } from './phone-network.ts';
import { shopperOf } from './shopper-of.ts';
import type { SourceWatch } from './source-watch.ts';
import { CLOCK_OFFSET_HEADER, CONNECTION_HEADER, type ProgramAnswer, SOURCE_HEADER } from './wire.ts';

const FunctionCall = v.object({ openid: v.string(), name: v.string(), data: v.unknown() });

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

const Login = v.object({ openid: v.string() });
const VirtualOpening = v.object({
  openid: v.string(),
  phone: v.object({ platform: v.picklist(['ios', 'android', 'windows']), version: v.string() }),
  parameters: v.object({
    signData: v.exactOptional(v.unknown()),
    mode: v.exactOptional(v.unknown()),
    paySig: v.exactOptional(v.unknown()),
    signature: v.exactOptional(v.unknown()),
  }),
});
const VirtualOutcome = v.object({ id: v.string() });

/** A name of an element or an API, and the page or component that asked for it. */
const Missing = v.object({
  name: v.pipe(v.string(), v.maxLength(100)),
  usedBy: v.pipe(v.string(), v.maxLength(200)),
});

/** WeChat has about a thousand APIs and elements. */
const MISSING_MAX = 2000;

const Templates = v.object({ tmplIds: v.array(v.string()) });
const Consent = v.object({
  openid: v.string(),
  tmplIds: v.array(v.string()),
  consent: v.picklist(['accept', 'reject']),
});

/** A clock that may run ahead of the machine's. */
export type OffsetClock = Clock & { readonly offset: number };

export interface SimulatorParts {
  readonly project: string;
  readonly backend: SimulatorBackend;
  readonly clock: OffsetClock;
  readonly bundle: () => Promise<RuntimeBundle>;
  /** The origins of who may show the phone in a frame. */
  readonly framedBy: () => readonly string[];
  readonly network: PhoneNetwork;
  readonly source: SourceWatch;
  readonly onMissing: (name: string, usedBy: string) => void;
}

/** Everything that the phone in the browser asks its server for. */
export function createApi(parts: SimulatorParts): Hono {
  const { clock, backend, framedBy, network } = parts;
  const api = new Hono();
  api.on('POST', '/__sim/*', async (context, next) =>
    (await network.carries()) ? next() : context.text('the request was lost, as asked for\n', 502),
  );
  api.use(async (context, next) => {
    await next();
    context.header(CLOCK_OFFSET_HEADER, String(clock.offset));
    context.header(CONNECTION_HEADER, network.connection);
    for (const [name, value] of Object.entries(pageHeaders(policy(framedBy())))) context.header(name, value);
  });
  servePhone(api, parts);
  serveCloud(api, backend);
  serveDatabase(api, backend);
  serveCloudFiles(api, backend);
  serveCashier(api, backend);
  serveVirtualCashier(api, backend);
  serveSubscriptions(api, backend);
  // What the backend throws is an answer that never came; what does not parse is a fault of the simulator's own.
  api.onError((error, context) =>
    context.text(`${error.message}\n`, error instanceof v.ValiError ? 400 : 502),
  );
  return api;
}

function servePhone(api: Hono, { project, backend, bundle, source, onMissing }: SimulatorParts): void {
  const reported = new Set<string>();
  const cache: ModuleCache = new Map();
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
  api.get('/__sim/clock', async (context) =>
    context.body(null, 204, { [SOURCE_HEADER]: await source.version() }),
  );
  api.post('/__sim/missing', async (context) => {
    const { name, usedBy } = v.parse(Missing, await context.req.json());
    if (!reported.has(name) && reported.size < MISSING_MAX) {
      reported.add(name);
      onMissing(name, usedBy);
    }
    return context.json({});
  });
  api.get('/__sim/program', async (context) => {
    // Four parsers and 40 MB of memory, and a world that nobody looks at needs none of them.
    const { compileProject } = await import('./compiler/compile.ts');
    // Before anything is read: a change meanwhile is one that the page has not seen.
    context.header(SOURCE_HEADER, await source.version());
    const compilation = await compileProject(project, cache);
    const answer: ProgramAnswer =
      compilation.kind === 'program' ? { ...compilation, shoppers: backend.shoppers } : compilation;
    return context.json(answer);
  });
}

function serveCloud(api: Hono, backend: SimulatorBackend): void {
  api.post('/__sim/function', async (context) => {
    const { openid, name, data } = v.parse(FunctionCall, decode(await context.req.json()));
    const answer = await backend.callFunction(name, data, shopperOf(backend, openid));
    // A function's result is plain JSON on the real platform too: its dates arrive as text.
    return context.json('error' in answer ? answer : { result: answer.result ?? null });
  });
}

function serveCashier(api: Hono, backend: SimulatorBackend): void {
  const { cashier } = backend;
  api.post('/__sim/cashier/open', async (context) => {
    const { openid, parameters } = v.parse(PaymentOpening, await context.req.json());
    return context.json(await cashier.open(parameters, shopperOf(backend, openid)));
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
}

function serveVirtualCashier(api: Hono, backend: SimulatorBackend): void {
  const { virtualCashier } = backend;
  api.post('/__sim/login', async (context) => {
    const { openid } = v.parse(Login, await context.req.json());
    return context.json(await backend.login(shopperOf(backend, openid)));
  });
  api.post('/__sim/virtual-cashier/open', async (context) => {
    const { openid, phone, parameters } = v.parse(VirtualOpening, await context.req.json());
    return context.json(await virtualCashier.open(parameters, phone, shopperOf(backend, openid)));
  });
  for (const deed of ['pay', 'fail', 'cancel'] as const) {
    api.post(`/__sim/virtual-cashier/${deed}`, async (context) => {
      const { id } = v.parse(VirtualOutcome, await context.req.json());
      return context.json(await virtualCashier[deed](id));
    });
  }
}

function serveSubscriptions(api: Hono, backend: SimulatorBackend): void {
  const { subscribe } = backend;
  api.post('/__sim/subscribe/titles', async (context) => {
    const { tmplIds } = v.parse(Templates, await context.req.json());
    return context.json({ titles: subscribe.titles(tmplIds) });
  });
  api.post('/__sim/subscribe/answer', async (context) => {
    const { openid, tmplIds, consent } = v.parse(Consent, await context.req.json());
    subscribe.answer(tmplIds, consent, shopperOf(backend, openid));
    return context.json({});
  });
}

/**
 * The mini-program's source is compiled to JavaScript and WXSS to style sheets, which the runtime evaluates: that takes
 * 'unsafe-eval' and inline styles. It is asked for here and can send nothing elsewhere; what it may load from outside is what a
 * phone shows from any host: pictures, fonts, sounds.
 */
function policy(framedBy: readonly string[]): Record<string, string> {
  return {
    'script-src': "'self' 'unsafe-eval'",
    'style-src': "'self' 'unsafe-inline'",
    'connect-src': "'self'",
    'img-src': "'self' data: blob: https:",
    'font-src': "'self' data: https:",
    'media-src': "'self' data: blob: https:",
    // A policy cannot name an address of IPv6.
    'frame-ancestors': framedBy.filter((origin) => !origin.includes('[')).join(' ') || "'none'",
  };
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
