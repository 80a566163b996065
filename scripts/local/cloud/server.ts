import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { isJson, type OwnOrigins } from '../guard.ts';
import { LoopbackServer } from '../loopback.ts';
import type { Caller } from './call.ts';
import type { Cloud } from './cloud.ts';
import { ConnectionFault } from './faults.ts';
import { isMultipart, readMultipart } from './multipart.ts';
import { encodeReply } from './protobuf.ts';
import { readBody } from './read-body.ts';
import { FILES_PATH, serveFiles } from './storage/edge.ts';

/** Where the cloud can be reached, and by what a program's unmodified wx-server-sdk finds it. */
export interface CloudServer {
  readonly url: string;
  /** Environment variables for a Node program. They name no real account and no host but this one. */
  readonly env: Readonly<Record<string, string>>;
  dispose(): Promise<void>;
}

export interface CloudServerOptions {
  readonly cloud: Cloud;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Of the world's servers. */
  readonly origins?: OwnOrigins;
  /** Which function an invocation belongs to, where the function host knows. */
  readonly functionOf?: (invocation: string) => string | undefined;
}

/** More than the largest document takes in canonical Extended JSON. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** Longer than a function sits idle, so that a connection is only cut when a fault asks for it. */
const KEEP_ALIVE_MS = 120_000;
/** Real time, not the world's: long enough for a second operation that was not awaited to arrive meanwhile. */
const TRANSACTION_OPERATION_MS = 1;

/**
 * Serves a cloud at `/admin` on the loopback interface, and its files beside it. Plain node:http: faults need the sockets
 * themselves, and there are two routes.
 */
export async function serveCloud({
  cloud,
  port = 0,
  functionOf,
  ...guard
}: CloudServerOptions): Promise<CloudServer> {
  const seen = new WeakSet<Socket>();
  const server = new LoopbackServer(
    (request, response) => {
      const isReused = seen.has(request.socket);
      seen.add(request.socket);
      answer(cloud, request, response, { isReused, functionOf }).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500);
        response.end(String(error));
      });
    },
    { name: 'The local cloud', takes: isSdkContent, keepAliveMs: KEEP_ALIVE_MS, ...guard },
  );
  await server.open(port);
  cloud.storage.origin = server.url;
  const url = `${server.url}/admin`;
  return { url, env: sdkEnvironment(url, cloud.envId), dispose: () => server.close() };
}

async function answer(
  cloud: Cloud,
  request: IncomingMessage,
  response: ServerResponse,
  { isReused, functionOf }: { isReused: boolean; functionOf: CloudServerOptions['functionOf'] },
): Promise<void> {
  if (request.url?.startsWith(FILES_PATH)) return serveFiles(cloud.storage, request, response);
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname !== '/admin' || request.method !== 'POST') {
    response.writeHead(404).end('The local cloud listens for POST /admin');
    return;
  }
  const bytes = await readBody(request, BODY_BYTES_MAX);
  if (!bytes) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const invocation = invocationOf(url.searchParams.get('seqId'));
  const name = invocation === undefined ? undefined : functionOf?.(invocation);
  const source = request.headers['x-tcb-source'];
  const caller: Caller = {
    isReused,
    pause: () => setTimeout(TRANSACTION_OPERATION_MS),
    ...(invocation === undefined ? {} : { invocation }),
    ...(name === undefined ? {} : { function: name }),
    ...(typeof source === 'string' ? { source } : {}),
  };
  const call = readCall(request, bytes);
  try {
    send(response, call, await cloud.dispatch(call, caller));
  } catch (error) {
    if (!(error instanceof ConnectionFault)) throw error;
    // A silent connection stays open: the caller is to run into its own time limit.
    if (error.code === 'ECONNRESET') request.socket.resetAndDestroy();
  }
}

/**
 * JSON, or the SDK's form for WeChat's own APIs: a page could send a form too, but not under the SDK's name. A file can be
 * of any type, and is taken with a signature only.
 */
function isSdkContent(headers: IncomingHttpHeaders, url: string): boolean {
  if (url.startsWith(FILES_PATH)) return true;
  return isJson(headers) || (isMultipart(headers['content-type'] ?? '') && 'x-sdk-version' in headers);
}

/** WeChat's own APIs answer in bytes: JSON for cloudPay, JSON within protobuf for openapi. All else is JSON. */
function send(response: ServerResponse, call: unknown, answer: object): void {
  const action = typeof call === 'object' && call !== null && 'action' in call ? call.action : undefined;
  const isOpenapi = action === 'wx.openApi' || action === 'wx.wxPayApi';
  if ('code' in answer || !isOpenapi || !('data' in answer)) {
    response
      .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(answer));
    return;
  }
  const json = JSON.stringify(answer.data);
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  response.end(action === 'wx.openApi' ? encodeReply(json) : json);
}

/**
 * The SDK puts TCB_SEQID, which the function host sets to the invocation, before an event id of its own (time and
 * count in hexadecimal). Without TCB_SEQID there is only the event id.
 */
function invocationOf(seqId: string | null): string | undefined {
  return seqId?.match(/^(.+)-[0-9a-f]+_[0-9a-f]+$/)?.[1];
}

function readCall(request: IncomingMessage, bytes: Buffer): unknown {
  const type = request.headers['content-type'] ?? '';
  if (isMultipart(type)) return readMultipart(bytes, type);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** By what a program's unmodified wx-server-sdk finds a cloud at this address. */
export function sdkEnvironment(url: string, envId: string): Record<string, string> {
  return {
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: url }),
    // Without it the SDK asks two metadata hosts before every call.
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    SCF_NAMESPACE: envId,
    TENCENTCLOUD_SECRETID: 'local',
    TENCENTCLOUD_SECRETKEY: 'local',
    TENCENTCLOUD_SESSIONTOKEN: 'local',
  };
}
