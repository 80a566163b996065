import type { OpenedPayment, PaidPayment, VirtualCashier } from '../backend.ts';
import { decode, encode } from '../ejson.ts';
import {
  CLOCK_OFFSET_HEADER,
  type DatabaseAnswer,
  type DatabaseRequest,
  type FunctionAnswer,
  type PaymentParameters,
  type PhoneKind,
  type ProgramAnswer,
  type VirtualPaymentParameters,
} from '../wire.ts';
import { setClockOffset } from './clock.ts';

/** How often a page that asks nothing learns that the world's clock was moved. */
const CLOCK_POLL_MS = 500;

/** The answer did not come, or came broken. */
export class NoAnswer extends Error {}

export interface Server {
  program(): Promise<ProgramAnswer>;
  callFunction(name: string, data: unknown): Promise<FunctionAnswer>;
  database(request: DatabaseRequest): Promise<DatabaseAnswer>;
  readonly cashier: {
    open(parameters: PaymentParameters): Promise<OpenedPayment>;
    pay(id: string): Promise<PaidPayment>;
    fail(id: string, reason: string): Promise<void>;
    cancel(id: string): Promise<void>;
  };
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
export function connectServer(openid: () => string): Server {
  setInterval(() => void ask('clock').catch(() => {}), CLOCK_POLL_MS);
  return {
    program: () => answer('program'),
    callFunction: (name, data) => answer('function', encode({ openid: openid(), name, data })),
    database: (request) => answer('database', encode({ openid: openid(), request })),
    cashier: {
      open: (parameters) => answer('cashier/open', { openid: openid(), parameters }),
      pay: (id) => answer('cashier/pay', { id }),
      fail: async (id, reason) => void (await ask('cashier/fail', { id, reason })),
      cancel: async (id) => void (await ask('cashier/cancel', { id })),
    },
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

async function ask(path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`/__sim/${path}`, {
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  }).catch((cause: unknown) => {
    throw new NoAnswer('the simulator’s server did not answer', { cause });
  });
  setClockOffset(Number(response.headers.get(CLOCK_OFFSET_HEADER) ?? Number.NaN));
  if (response.status === 502) throw new NoAnswer(await response.text());
  if (!response.ok) throw new Error(`the simulator’s server refused ${path}: ${await response.text()}`);
  return response;
}

/** Both ends of this wire are compiled from one file of types, so the answer is what `api.ts` says it is. */
async function answer<Answer>(path: string, body?: unknown): Promise<Answer> {
  const response = await ask(path, body);
  return decode(await response.json()) as Answer;
}
