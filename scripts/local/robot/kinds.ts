import type { HttpAnswer } from '../calls.ts';

/** A request to a robot, read as far as all of them are. */
export interface RobotRequest {
  readonly method: string;
  readonly url: URL;
  readonly bytes: number;
  /** Undefined for what is no JSON object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** What a robot makes of a request: what is said in the chat, or its code and words for why it is not. */
export type Outcome =
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'refused'; readonly code: number; readonly words: string };

/** One maker's robots. */
export interface Robot {
  readonly name: 'wecom' | 'feishu' | 'json';
  /** What opens the chat, in the address. */
  keyIn(url: URL): string;
  read(request: RobotRequest): Outcome;
  answer(outcome: Outcome): HttpAnswer;
  /** So many messages within a minute, and the code for more. */
  readonly limit?: { readonly perMinute: number; readonly code: number; readonly words: string };
}

/** Robots are told apart by the path of their address, since all of them are one host here. */
export function robotFor(url: URL): Robot {
  if (url.pathname === '/cgi-bin/webhook/send') return WECOM;
  return url.pathname.startsWith(HOOK) ? FEISHU : JSON_ROBOT;
}

const HOOK = '/open-apis/bot/v2/hook/';

const WECOM: Robot = {
  name: 'wecom',
  keyIn: (url) => url.searchParams.get('key') ?? '',
  read({ method, body }) {
    if (method !== 'POST') return refused(43002, 'require POST method');
    if (!body) return refused(47001, 'data format error');
    if (body.msgtype !== 'text') return refused(40008, 'invalid message type');
    const text = textIn(body.text, 'content');
    if (!text) return refused(44004, 'empty content');
    if (Buffer.byteLength(text) > 2048) return refused(40058, 'text.content exceed max length 2048');
    return { kind: 'said', text };
  },
  answer: (outcome) =>
    json(
      outcome.kind === 'said'
        ? { errcode: 0, errmsg: 'ok' }
        : { errcode: outcome.code, errmsg: outcome.words },
    ),
  limit: { perMinute: 20, code: 45009, words: 'api freq out of limit' },
};

const FEISHU: Robot = {
  name: 'feishu',
  keyIn: (url) => url.pathname.slice(HOOK.length),
  read({ method, body, bytes }) {
    if (method !== 'POST' || !body) return refused(9499, 'Bad Request');
    if (bytes > 20 * 1024) return refused(9499, 'Bad Request');
    if (body.msg_type !== 'text') return refused(9499, 'Bad Request');
    const text = textIn(body.content, 'text');
    return text ? { kind: 'said', text } : refused(9499, 'Bad Request');
  },
  answer: (outcome) =>
    json(
      outcome.kind === 'said'
        ? { StatusCode: 0, StatusMessage: 'success', code: 0, msg: 'success', data: {} }
        : { code: outcome.code, msg: outcome.words, data: {} },
    ),
  limit: { perMinute: 100, code: 11232, words: 'frequency limited' },
};

/** Whatever of the merchant's takes a text. */
const JSON_ROBOT: Robot = {
  name: 'json',
  keyIn: () => '',
  read({ method, body }) {
    const text = method === 'POST' ? textIn(body, 'text') : undefined;
    return text ? { kind: 'said', text } : refused(400, 'no text');
  },
  answer: (outcome) =>
    outcome.kind === 'said'
      ? { status: 200, contentType: 'text/plain', body: 'ok' }
      : {
          status: outcome.code >= 400 && outcome.code < 600 ? outcome.code : 500,
          contentType: 'text/plain',
          body: outcome.words,
        },
};

export function refused(code: number, words: string): Outcome {
  return { kind: 'refused', code, words };
}

function textIn(holder: unknown, name: string): string | undefined {
  const value: unknown =
    typeof holder === 'object' && holder !== null
      ? Object.entries(holder).find(([key]) => key === name)?.[1]
      : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function json(message: object): HttpAnswer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(message) };
}
