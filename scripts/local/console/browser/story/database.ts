import type { ConsoleEvent } from '../../wire.ts';
import { say } from '../words/language.ts';
import { ROWS } from '../words/story.ts';
import { field, keysOf, parsed, textField } from './fields.ts';
import { collectionOf, valuesSet } from './transaction.ts';

/** A database call in a few words, with what came of it where that is known already. */
export function databaseWords(call: ConsoleEvent, reply: ConsoleEvent | undefined): string {
  const { label, payload } = call;
  const name = textField(payload, 'collectionName');
  const code = textField(reply?.payload, 'code');
  const words = say(ROWS);
  if (name !== undefined && isThereAlready(call, reply)) return words.exists(name);
  if (code !== undefined) return words.refused(name ?? label, code);
  if (name === undefined) return label.replace(/^database\./, '');
  const list = field(reply?.payload, 'data', 'list');
  const found = Array.isArray(list) ? list.length : undefined;
  if (label.startsWith('database.getDocument')) {
    return words.read(foundWords(name, found));
  }
  if (label.startsWith('database.calculateDocument')) {
    return words.counted(name, String(field(reply?.payload, 'data', 'total') ?? '…'));
  }
  if (label.startsWith('database.insertDocument')) return words.added(name, stateInserted(payload));
  if (isReopening(payload)) return isMissed(reply) ? words.alarmOpen : words.alarmReopened;
  if (label.startsWith('database.modify'))
    return `${purposeOf(name, payload)}${isMissed(reply) ? words.missed : ''}`;
  if (label.startsWith('database.removeDocument')) return words.removed(name);
  return label.replace(/^database\./, '');
}

/** What a read found, without the verb: several reads of one run are said in one row. */
export function readWords(call: ConsoleEvent, reply: ConsoleEvent | undefined): string {
  const name = textField(call.payload, 'collectionName');
  const list = field(reply?.payload, 'data', 'list');
  const isPlain = name !== undefined && call.label.startsWith('database.getDocument');
  if (!isPlain || textField(reply?.payload, 'code') !== undefined) return databaseWords(call, reply);
  return foundWords(name, Array.isArray(list) ? list.length : undefined);
}

function foundWords(name: string, found: number | undefined): string {
  return found === undefined || found === 1 ? name : say(ROWS).found(name, found);
}

export function isRead({ label }: ConsoleEvent): boolean {
  return /\.(getDocument|calculateDocument|aggregateDocuments)/.test(label);
}

/** A document of this `_id` was there: the same was done before, which whoever repeats something counts on. */
export function isThereAlready({ label }: ConsoleEvent, reply: ConsoleEvent | undefined): boolean {
  const message = textField(reply?.payload, 'message') ?? '';
  return label.startsWith('database.insertDocument') && /\bE11000\b/.test(message);
}

/** Which sentence explains it. */
export function databaseTopic(call: ConsoleEvent): string {
  if (isRead(call)) return call.from === 'mini-program' ? 'phoneRead' : 'read';
  const name = collectionOf(call.payload);
  if (call.label.startsWith('database.insertDocument')) {
    if (name === 'alarms') return 'alarm';
    return name === 'orders' ? 'saveOrder' : 'write';
  }
  if (isRescheduling(call.payload)) return 'reschedule';
  return field(valuesSet(call.payload), 'query_count') === undefined ? 'write' : 'claim';
}

function stateInserted(payload: unknown): string {
  const document = parsed(field(payload, 'data', 0));
  const word = textField(document, 'trade_state') ?? textField(document, 'code');
  return word ?? '';
}

function purposeOf(name: string, payload: unknown): string {
  const words = say(ROWS);
  const fields = keysOf(valuesSet(payload));
  if (isRescheduling(payload)) return words.sets('next_query_at');
  // The first that fits says what the update is for.
  if (fields.includes('query_count')) return words.claims;
  const noted = ['prepay_id', 'cancelled_at'].find((field) => fields.includes(field));
  if (noted !== undefined) return words.notes(noted);
  if (fields.includes('told_at')) return words.toldAlarm;
  if (fields.includes('next_query_at')) return words.changes('next_query_at');
  return words.updated(name, fields.slice(0, 2).join(words.fields));
}

/** A claim moves queried_at; whoever leaves it as it was only says when to ask next. */
function isRescheduling(payload: unknown): boolean {
  const after = field(valuesSet(payload), 'queried_at');
  const before = field(parsed(field(payload, 'query')), 'queried_at', '$eq');
  return after !== undefined && JSON.stringify(after) === JSON.stringify(before);
}

/** An alarm that was dealt with happens again. */
function isReopening(payload: unknown): boolean {
  return field(valuesSet(payload), 'told_at') === null;
}

/** A compare and set that found the document changed meanwhile. */
function isMissed(reply: ConsoleEvent | undefined): boolean {
  return field(reply?.payload, 'data', 'updated') === 0;
}
