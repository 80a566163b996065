import type { ConsoleEvent, OrderHereAndThere } from '../../wire.ts';
import { clockTime, day } from '../time.ts';
import { CHANNELS } from '../words/channels.ts';
import { say } from '../words/language.ts';
import { NARRATION } from '../words/narration.ts';
import { sentenceOf } from './narration.ts';

/** Why an order is what it is: its state, what WeChat said of it, and what comes next. */
export function whyOf(events: readonly ConsoleEvent[], order: OrderHereAndThere): readonly string[] {
  const { here, there, under_review, expires_at, time_expire, notices, next_query_at } = order;
  const words = say(NARRATION);
  const { sends } = say(CHANNELS)[order.channel];
  const sentences = [sentenceOf(events, order)];
  if (under_review) return [...sentences, words.seeAlarms];
  if (here === 'SUCCESS')
    return expires_at ? [...sentences, words.memberUntil(day(new Date(expires_at)))] : sentences;
  if (there === 'SUCCESS' && notices) {
    if (notices.last !== null) sentences.push(words.sent(sends, notices.sent, outcomeOf(notices.last)));
    if (notices.next_at !== null) sentences.push(words.nextSending(sends, timeOf(notices.next_at)));
  } else if (here === 'NOTPAY' && time_expire !== null) {
    sentences.push(words.payUntil(timeOf(time_expire)));
  }
  return next_query_at === null ? sentences : [...sentences, words.nextQuery(timeOf(next_query_at))];
}

/** The outcome in words, with the reason in the words of whoever gave it; that a fault was asked for is none. */
function outcomeOf(last: string): string {
  const [outcome = '', ...why] = last.split(': ');
  const known: Readonly<Record<string, string>> = say(NARRATION).outcomes;
  return [known[outcome] ?? outcome, ...why.filter((reason) => !reason.endsWith(', as asked for'))].join(
    ': ',
  );
}

function timeOf(moment: string): string {
  return clockTime(new Date(moment));
}
