import type { OpenedPayment, PaidPayment, VirtualCashier } from '../backend.ts';
import { decode, encode } from '../ejson.ts';
import {
  type BackendError,
  CLOCK_OFFSET_HEADER,
  CONNECTION_HEADER,
  type DatabaseAnswer,
  type DatabaseRequest,
  type FileAnswer,
  type FunctionAnswer,
  type PaymentParameters,
  type PhoneKind,
  type ProgramAnswer,
  SOURCE_HEADER,
  type VirtualPaymentParameters,
  type WatchLine,
} from '../wire.ts';
import { setClockOffset } from './clock.ts';
import { CONNECTIONS, type Network } from './network.ts';
import type { Listen } from './wx/database/watches.ts';

/** How often a page that asks nothing learns that the world's clock was moved, or the source changed. */
const CLOCK_POLL_MS = 500;
/** What a request takes on a slow network: long enough to see what the page shows meanwhile. */
const SLOW_MS = 2000;

/** The answer did not come, or came broken. */
export class NoAnswer extends Error {}

export interface Server {
  program(): Promise<ProgramAnswer>;
  callFunction(name: string, data: unknown): Promise<FunctionAnswer>;
  database(request: DatabaseRequest): Promise<DatabaseAnswer>;
  /** Asks for lines about what is watched, until `signal` says otherwise or the line breaks. */
  readonly watch: Listen;
  readonly files: {
    upload(
      cloudPath: string,
      bytes: Uint8Array<ArrayBuffer>,
    ): Promise<{ readonly fileID: string } | { readonly error: BackendError }>;
    urls(fileList: readonly { readonly fileID: string; readonly maxAge?: number }[]): Promise<FileAnswer>;
    remove(fileList: readonly string[]): Promise<FileAnswer>;
    /** Undefined where there is no such file. */
    download(address: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  };
  readonly cashier: {
    open(parameters: PaymentParameters): Promise<OpenedPayment>;
    pay(id: string): Promise<PaidPayment>;
    fail(id: string, reason: string): Promise<void>;
    cancel(id: string): Promise<void>;
  };
  /** For the world's terminal; whether it arrives is nobody's concern. */
  reportMissing(name: string, usedBy: string): void;
  login(): Promise<{ readonly code: string }>;
  readonly subscribe: {
    titles(tmplIds: readonly string[]): Promise<{ readonly titles: readonly string[] }>;
    answer(tmplIds: readonly string[], consent: 'accept' | 'reject'): Promise<void>;
  };
  readonly virtualCashier: Pick<VirtualCashier, 'pay' | 'fail' | 'cancel'> & {
    open(parameters: VirtualPaymentParameters, phone: PhoneKind): ReturnType<VirtualCashier['open']>;
  };
}

/** The phone's server, asked as `openid()`. */
export function connectServer(openid: () => string, network: Network): Server {
  const ask = (path: string, body?: object | Uint8Array<ArrayBuffer>) => request(network, path, body);
  const answer = <Answer>(path: string, body?: object) => answerOf<Answer>(ask(path, body));
  setInterval(() => void ask('clock').then(reloadWhenChanged, () => {}), CLOCK_POLL_MS);
  return {
    async program() {
      const asked = ask('program');
      source = (await asked).headers.get(SOURCE_HEADER);
      return answerOf(asked);
    },
    callFunction: (name, data) => answer('function', Object(encode({ openid: openid(), name, data }))),
    database: (request) => answer('database', Object(encode({ openid: openid(), request }))),
    async watch(watches, report, signal) {
      const body = JSON.stringify(encode({ openid: openid(), watches }));
      const headers = { 'content-type': 'application/json' };
      const response = await fetch('/__sim/watch', { method: 'POST', headers, body, signal });
      if (response.ok && response.body)
        await readLines(response.body, (line) => report(decode(line) as WatchLine));
    },
    files: {
      upload: (path, bytes) =>
        answerOf(ask(`files/upload?${new URLSearchParams({ openid: openid(), path })}`, bytes)),
      urls: (fileList) => answer('files/urls', { openid: openid(), fileList }),
      remove: (fileList) => answer('files/remove', { openid: openid(), fileList }),
      async download(address) {
        const response = await ask('files/download', { address });
        return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
      },
    },
    cashier: {
      open: (parameters) => answer('cashier/open', { openid: openid(), parameters }),
      pay: (id) => answer('cashier/pay', { id }),
      fail: async (id, reason) => void (await ask('cashier/fail', { id, reason })),
      cancel: async (id) => void (await ask('cashier/cancel', { id })),
    },
    reportMissing: (name, usedBy) => void ask('missing', { name, usedBy }).catch(() => {}),
    login: () => answer('login', { openid: openid() }),
    subscribe: {
      titles: (tmplIds) => answer('subscribe/titles', { openid: openid(), tmplIds }),
      answer: async (tmplIds, consent) =>
        void (await ask('subscribe/answer', { openid: openid(), tmplIds, consent })),
    },
    virtualCashier: {
      open: (parameters, phone) => answer('virtual-cashier/open', { openid: openid(), parameters, phone }),
      pay: (id) => answer('virtual-cashier/pay', { id }),
      fail: (id) => answer('virtual-cashier/fail', { id }),
      cancel: (id) => answer('virtual-cashier/cancel', { id }),
    },
  };
}

/** Of what was compiled; null until that has come. */
let source: string | null = null;

/** The mini-program's source is another one: it begins again, on the page that is shown. */
function reloadWhenChanged({ headers }: Response): void {
  const now = headers.get(SOURCE_HEADER);
  if (source !== null && now !== null && now !== source) location.reload();
}

async function request(
  network: Network,
  path: string,
  body: object | Uint8Array<ArrayBuffer> | undefined,
): Promise<Response> {
  if (body !== undefined && network.connection() === 'slow')
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  const response = await fetch(`/__sim/${path}`, {
    ...(body !== undefined && {
      method: 'POST',
      headers: {
        'content-type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json',
      },
      body: body instanceof Uint8Array ? body : JSON.stringify(body),
    }),
  }).catch((cause: unknown) => {
    throw new NoAnswer('the simulator’s server did not answer', { cause });
  });
  setClockOffset(Number(response.headers.get(CLOCK_OFFSET_HEADER) ?? Number.NaN));
  const allowed = CONNECTIONS.find((known) => known === response.headers.get(CONNECTION_HEADER));
  if (allowed) network.allow(allowed);
  if (response.status === 502) throw new NoAnswer(await response.text());
  if (response.status === 404 && path === 'files/download') return response;
  if (!response.ok) throw new Error(`the simulator’s server refused ${path}: ${await response.text()}`);
  return response;
}

/** Reads lines of JSON as they come. */
async function readLines(body: ReadableStream<Uint8Array>, read: (line: unknown) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (text + decoder.decode(value, { stream: true })).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) read(JSON.parse(line));
  }
}

/** Both ends of this wire are compiled from one file of types, so the answer is what `api.ts` says it is. */
async function answerOf<Answer>(asked: Promise<Response>): Promise<Answer> {
  const response = await asked;
  return decode(await response.json()) as Answer;
}
