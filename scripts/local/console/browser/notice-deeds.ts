import type { OrderHereAndThere } from '../wire.ts';
import { press } from './api.ts';
import { h } from './dom.ts';
import { LIES } from './lies.ts';
import { showOutcome } from './outcome.ts';
import { say } from './words/language.ts';
import { ORDERS } from './words/tables.ts';
import { isRecorded } from './world.ts';

/** Sends this order's notice once more, several times, or a lie in its place. */
export function noticeDeeds({
  out_trade_no,
  channel,
  there,
  notices,
}: Pick<OrderHereAndThere, 'out_trade_no' | 'channel' | 'there' | 'notices'>): HTMLElement[] {
  if (there === null || isRecorded) return [];
  const { again, thrice, forge } = say(ORDERS);
  const send = async (body: object) =>
    showOutcome(await press(`/api/notices/${encodeURIComponent(out_trade_no)}`, body));
  const button = (words: string, times: number) =>
    h(
      'button',
      { type: 'button', 'data-testid': `send-${times}`, onclick: () => void send({ times }) },
      words,
    );
  const lies = h(
    'select',
    { 'aria-label': forge, 'data-testid': 'forge' },
    h('option', { value: '' }, forge),
    ...LIES[channel].map((lie) => h('option', { value: lie }, lie)),
  );
  lies.addEventListener('change', () => {
    if (lies.value !== '') void send({ forge: lies.value });
    lies.value = '';
  });
  return [...(notices ? [button(again, 1), button(thrice, 3)] : []), lies];
}
