import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import type { Api } from './api.ts';
import { answered } from './api.ts';
import { type Refused, refuse } from './errors.ts';

/** A template that the mini-program took from the library (公共模板库), with the keys of its fields. */
export interface Template {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly string[];
}

/** A message that a shopper received (服务通知). */
export interface ReceivedMessage {
  readonly openid: string;
  readonly template_id: string;
  readonly at: Date;
  readonly page: string | undefined;
  readonly data: Readonly<Record<string, string>>;
}

export type Consent = 'accept' | 'reject';

/** How many messages are kept. */
const MESSAGES_MAX = 500;

/** Who agreed to how many messages of which template, and what they received. */
export class Subscriptions {
  readonly #clock: WorldClock;
  readonly #trace: Trace;
  readonly #templates = new Map<string, Template>();
  readonly #consents = new Map<string, number>();
  readonly #received: ReceivedMessage[] = [];

  constructor({ clock, trace }: { readonly clock: WorldClock; readonly trace: Trace }) {
    this.#clock = clock;
    this.#trace = trace;
  }

  addTemplate(template: Template): void {
    this.#templates.set(template.id, template);
  }

  template(id: string): Template | undefined {
    return this.#templates.get(id);
  }

  received(): readonly ReceivedMessage[] {
    return this.#received;
  }

  /** How many messages of this template the person still takes. */
  left(openid: string, template_id: string): number {
    return this.#consents.get(keyOf(openid, template_id)) ?? 0;
  }

  /** What the person answered on the phone: each yes is one message. */
  answer(openid: string, template_id: string, consent: Consent): void {
    const payload = { [template_id]: consent };
    const label = 'wx.requestSubscribeMessage';
    this.#trace.record({ from: 'mini-program', to: 'weixin', kind: 'change', label, payload });
    if (consent === 'accept')
      this.#consents.set(keyOf(openid, template_id), this.left(openid, template_id) + 1);
  }

  /** What is wrong with a message, or undefined when it was delivered. */
  send(body: Readonly<Record<string, unknown>>): Refused | undefined {
    const { touser, template_id, page, data } = body;
    if (typeof touser !== 'string' || !/^o[\w-]{8,}$/.test(touser))
      return refuse(40003, 'touser is no openid');
    const template = typeof template_id === 'string' ? this.#templates.get(template_id) : undefined;
    if (!template) return refuse(40037, 'the mini-program has no such template');
    if (page !== undefined && (typeof page !== 'string' || !/^\/?pages\/[\w/-]+(\?[^#]*)?$/.test(page)))
      return refuse(41030, 'page is no page of the mini-program');
    const read = readFields(template, data);
    if ('errcode' in read) return read;
    const left = this.left(touser, template.id);
    if (left === 0) return refuse(43101, 'the person agreed to no message of this template that is left');
    this.#consents.set(keyOf(touser, template.id), left - 1);
    this.#received.push({
      ...{ openid: touser, template_id: template.id, at: this.#clock.now(), page, data: read.fields },
    });
    if (this.#received.length > MESSAGES_MAX) this.#received.shift();
    const payload = { title: template.title, ...read.fields, page };
    this.#trace.record({ from: 'weixin', to: 'mini-program', kind: 'call', label: '服务通知', payload });
    return undefined;
  }
}

/** POST /cgi-bin/message/subscribe/send */
export function subscribeMessageSend(subscriptions: Subscriptions): Api {
  return {
    method: 'POST',
    takesToken: true,
    contentType: 'application/json; encoding=utf-8',
    work: ({ body = {} }) => subscriptions.send(body) ?? answered({ errcode: 0, errmsg: 'ok' }),
  };
}

/** What each kind of field takes (参数值内容限制说明). */
const KINDS: Readonly<Record<string, RegExp>> = {
  thing: /^[^\p{Cc}]{1,20}$/u,
  time: /^(\d{4}年\d{1,2}月\d{1,2}日 )?\d{1,2}:\d{2}$/,
  date: /^\d{4}年\d{1,2}月\d{1,2}日( \d{1,2}:\d{2})?$/,
  number: /^\d{1,32}(\.\d+)?$/,
  phrase: /^\p{Script=Han}{1,5}$/u,
};

function readFields(
  template: Template,
  data: unknown,
): Refused | { readonly fields: Record<string, string> } {
  const fields: Record<string, string> = {};
  const given = new Map(typeof data === 'object' && data !== null ? Object.entries(data) : []);
  for (const name of template.fields) {
    const value: unknown = given.get(name)?.value;
    const kind = KINDS[name.replace(/\d+$/, '')];
    if (typeof value !== 'string' || !kind?.test(value)) {
      const { errmsg, ...refused } = refuse(47003, `${name} is missing or not as its kind takes it`);
      return { ...refused, errmsg: `${errmsg} data.${name}.value invalid` };
    }
    fields[name] = value;
  }
  return { fields };
}

function keyOf(openid: string, template_id: string): string {
  return `${openid} ${template_id}`;
}
