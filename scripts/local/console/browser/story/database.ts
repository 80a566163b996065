import type { ConsoleEvent } from '../../wire.ts';
import { field, keysOf, parsed, textField } from './fields.ts';
import { collectionOf, valuesSet } from './transaction.ts';

/** What an update is for, by a field that it sets. The first that fits is said. */
const PURPOSES: readonly (readonly [field: string, words: string])[] = [
  ['query_count', '认领 next_query_at'],
  ['prepay_id', '记下 prepay_id'],
  ['cancelled_at', '记下 cancelled_at'],
  ['next_query_at', '改 next_query_at'],
  ['told_at', '记下已通知'],
];

/** A database call in a few words, with what came of it where that is known already. */
export function databaseWords(call: ConsoleEvent, reply: ConsoleEvent | undefined): string {
  const { label, payload } = call;
  const name = textField(payload, 'collectionName');
  const code = textField(reply?.payload, 'code');
  if (code !== undefined) return `${name ?? label}：${code}`;
  if (name === undefined) return label.replace(/^database\./, '');
  const list = field(reply?.payload, 'data', 'list');
  const found = Array.isArray(list) ? list.length : undefined;
  if (label.startsWith('database.getDocument')) {
    return found === undefined || found === 1
      ? `读 ${name}`
      : `读 ${name}：${found === 0 ? '没有' : `${found} 条`}`;
  }
  if (label.startsWith('database.calculateDocument')) {
    return `数 ${name}：${field(reply?.payload, 'data', 'total') ?? '…'}`;
  }
  if (label.startsWith('database.insertDocument')) return `${name} 新增${stateInserted(payload)}`;
  if (label.startsWith('database.modify')) return `${purposeOf(name, payload)}${missed(reply)}`;
  if (label.startsWith('database.removeDocument')) return `${name} 删除`;
  return `${label.replace(/^database\./, '')}`;
}

export function isRead({ label }: ConsoleEvent): boolean {
  return /\.(getDocument|calculateDocument|aggregateDocuments)/.test(label);
}

/** Which sentence explains it. */
export function databaseTopic(call: ConsoleEvent): string {
  if (isRead(call)) return call.from === 'mini-program' ? 'phoneRead' : 'read';
  const name = collectionOf(call.payload);
  if (name === 'alarms') return 'alarm';
  if (call.label.startsWith('database.insertDocument')) return name === 'orders' ? 'saveOrder' : 'write';
  if (isRescheduling(call.payload)) return 'reschedule';
  return field(valuesSet(call.payload), 'query_count') === undefined ? 'write' : 'claim';
}

function stateInserted(payload: unknown): string {
  const document = parsed(field(payload, 'data', 0));
  const word = textField(document, 'trade_state') ?? textField(document, 'code');
  return word === undefined ? '' : ` ${word}`;
}

function purposeOf(name: string, payload: unknown): string {
  if (isRescheduling(payload)) return '定下 next_query_at';
  const fields = keysOf(valuesSet(payload));
  const purpose = PURPOSES.find(([given]) => fields.includes(given));
  return purpose ? purpose[1] : `${name} 更新 ${fields.slice(0, 2).join('、')}`;
}

/** A claim moves queried_at; whoever leaves it as it was only says when to ask next. */
function isRescheduling(payload: unknown): boolean {
  const after = field(valuesSet(payload), 'queried_at');
  const before = field(parsed(field(payload, 'query')), 'queried_at', '$eq');
  return after !== undefined && JSON.stringify(after) === JSON.stringify(before);
}

/** A compare and set that found the document changed meanwhile. */
function missed(reply: ConsoleEvent | undefined): string {
  return field(reply?.payload, 'data', 'updated') === 0 ? '：已经变了' : '';
}
