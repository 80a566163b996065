import { WeChatPayError } from './errors.ts';
import { fromWeChatTime } from './time.ts';
import type { Report } from './wechatpay.ts';
import type { Fields } from './xml.ts';

/**
 * Reads what a verified message says of an order. A SUCCESS without the fields that money is booked by is refused;
 * of an order in any other state WeChat sends only some of them.
 * @throws WeChatPayError ANSWER_REFUSED, naming the field
 */
export function readReport(fields: Readonly<Fields>, trade_state: string): Report {
  const report: Writable<Report> = {
    kind: 'report',
    trade_state,
    out_trade_no: required(fields, 'out_trade_no'),
    appid: required(fields, 'appid'),
    mch_id: required(fields, 'mch_id'),
  };
  for (const name of TEXTS) if (fields[name]) report[name] = fields[name];
  for (const name of AMOUNTS) {
    const fee = amount(fields, name);
    if (fee !== undefined) report[name] = fee;
  }
  const time_end = moment(fields, 'time_end');
  if (time_end) report.time_end = time_end;
  if (trade_state === 'SUCCESS') {
    for (const name of ['openid', 'total_fee', 'transaction_id', 'time_end']) required(fields, name);
  }
  return report;
}

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

const TEXTS = ['openid', 'bank_type', 'transaction_id'] as const;
const AMOUNTS = ['total_fee', 'cash_fee', 'coupon_fee', 'settlement_total_fee'] as const;

/** The field's text. @throws WeChatPayError ANSWER_REFUSED when the message lacks it or it is empty */
export function required(fields: Readonly<Fields>, name: string): string {
  const value = fields[name];
  if (!value) throw refused(fields, `WeChat Pay's message lacks ${name}.`);
  return value;
}

/** A verified message that cannot be used. The order it names is carried along, for whoever has to look into it. */
export function refused(fields: Readonly<Fields>, message: string): WeChatPayError {
  return new WeChatPayError('ANSWER_REFUSED', message, { out_trade_no: fields.out_trade_no });
}

/** WeChat leaves a field out or sends it empty; we leave it out. */
export function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [name in Name]?: Value } {
  if (value === undefined || value === '') return {};
  const field: { [name in Name]?: Value } = {};
  field[name] = value;
  return field;
}

/** An amount in fen; undefined where the message lacks it. @throws WeChatPayError ANSWER_REFUSED when it is none */
export function amount(fields: Readonly<Fields>, name: string): number | undefined {
  const text = fields[name];
  if (!text) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw malformed(fields, name, 'a whole number of fen');
  return Number(text);
}

function moment(fields: Readonly<Fields>, name: string): Date | undefined {
  const text = fields[name];
  if (!text) return undefined;
  const read = fromWeChatTime(text);
  if (!read) throw malformed(fields, name, 'a time as yyyyMMddHHmmss');
  return read;
}

/** A field that is not what it should be. */
export function malformed(fields: Readonly<Fields>, name: string, wanted: string): WeChatPayError {
  return refused(fields, `${name} in WeChat Pay's message is not ${wanted}.`);
}
