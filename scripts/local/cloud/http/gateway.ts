import { randomUUID } from 'node:crypto';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { FunctionManifest } from '../../../manifest.ts';
import type { OwnOrigins } from '../../guard.ts';
import { LoopbackServer } from '../../loopback.ts';
import type { FunctionHost } from '../functions/host.ts';
import { type HttpAnswer, httpAnswer, httpFailure } from './http-answer.ts';
import { type HttpEventOptions, httpEvent, isText } from './http-event.ts';

export interface GatewayOptions {
  readonly host: FunctionHost;
  readonly functions: readonly FunctionManifest[];
  readonly envId: string;
  readonly base64?: HttpEventOptions['base64'];
  /** 0 takes any free port. */
  readonly port?: number;
  /** Of the world's servers. */
  readonly origins?: OwnOrigins;
}

export interface Gateway {
  /** `http://127.0.0.1:<port>`, to which a route is appended. */
  readonly url: string;
  /** Stops listening and drops the open connections. */
  close(): Promise<void>;
}

/** HTTP access refuses larger bodies (docs.cloudbase.net/error-code/service/EXCEED_MAX_PAYLOAD_SIZE). */
const TEXT_BODY_MAX_BYTES = 100 * 1024;
const BODY_MAX_BYTES = 6 * 2 ** 20;

/** Where the platform's error messages send their readers. */
const SEE = 'For more information, please refer to https://docs.cloudbase.net/error-code/service';

/** Statuses that carry no body. */
const BODYLESS_STATUSES = [204, 205, 304];

/**
 * HTTP access: the server behind which the functions with a route in the manifest are reached by anybody, WeChat Pay
 * above all.
 */
export async function openGateway({ port = 0, origins, ...options }: GatewayOptions): Promise<Gateway> {
  const listener = getRequestListener(gatewayApp(options).fetch);
  const server = new LoopbackServer(listener, { name: 'HTTP access', ...(origins && { origins }) });
  await server.open(port);
  return { url: server.url, close: () => server.close() };
}

function gatewayApp({
  host,
  functions,
  envId,
  base64 = 'binary',
}: Omit<GatewayOptions, 'port' | 'origins'>): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: BODY_MAX_BYTES, onError: () => respond(tooLarge(randomUUID())) }));
  app.all('*', async (c) => {
    const requestId = randomUUID();
    const { pathname, searchParams } = new URL(c.req.url);
    const target = findRoute(functions, pathname);
    if (!target) return respond(noRoute(pathname, requestId));
    const body = await readBody(c);
    if (!body) return respond(tooLarge(requestId));
    const request = {
      method: c.req.method,
      path: target.path,
      headers: c.req.header(),
      query: Object.fromEntries(searchParams),
      body,
    };
    const event = httpEvent(request, { requestId, envId, base64 });
    const call = {
      id: requestId,
      functionName: target.functionName,
      from: 'wechatpay',
      source: 'wx_http',
      event,
    } as const;
    return respond(httpAnswer(await host.invoke(call)), requestId);
  });
  // What gets here is an answer that HTTP cannot carry, such as a header with a line break in it.
  app.onError((error) => {
    const requestId = randomUUID();
    return respond(httpFailure(502, { code: 'FUNCTIONS_EXECUTE_FAIL', message: error.message, requestId }));
  });
  return app;
}

/** The function whose route is the longest that leads to this path, and what is left of the path. */
function findRoute(
  functions: readonly FunctionManifest[],
  pathname: string,
): { readonly functionName: string; readonly path: string } | undefined {
  const candidates = functions.flatMap(({ name, route }) => {
    const prefix = route?.replace(/\/+$/, '');
    const isOurs = prefix !== undefined && `${pathname}/`.startsWith(`${prefix}/`);
    return isOurs ? [{ functionName: name, path: pathname.slice(prefix.length) || '/' }] : [];
  });
  return candidates.sort((a, b) => a.path.length - b.path.length)[0];
}

/** The whole body; undefined when it is text and too much of it. */
async function readBody(c: Context): Promise<Buffer | undefined> {
  const body = Buffer.from(await c.req.arrayBuffer());
  return isText(c.req.header('content-type')) && body.length > TEXT_BODY_MAX_BYTES ? undefined : body;
}

function respond({ status, headers, body }: HttpAnswer, requestId?: string): Response {
  const response = new Response(BODYLESS_STATUSES.includes(status) ? null : body, { status, headers });
  if (requestId !== undefined) response.headers.set('x-cloudbase-request-id', requestId);
  return response;
}

function noRoute(pathname: string, requestId: string): HttpAnswer {
  const message = `No function has a route that leads to ${pathname} (${requestId}). ${SEE}`;
  return httpFailure(404, { code: 'INVALID_PATH', message, requestId });
}

function tooLarge(requestId: string): HttpAnswer {
  const message = `The body is larger than 100 KB of text, or 6 MB of anything else (${requestId}). ${SEE}`;
  return httpFailure(413, { code: 'EXCEED_MAX_PAYLOAD_SIZE', message, requestId });
}
