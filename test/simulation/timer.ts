import { QUERY_ORDERS_EVERY_MINUTES } from '../../scripts/manifest.ts';
import type { Shop } from './shop.ts';
import { tellingDue } from './telling/telling-due.ts';

const PERIOD_MS = QUERY_ORDERS_EVERY_MINUTES * 60_000;
/** In this part of the runs that find nothing to do the timer runs all the same, to see that it does nothing. */
const IDLE_RUNS = 1 / 1500;
/** A run after one that has done all there was finds nothing either; so often it happens all the same. */
const AFTER_WORK_RUNS = 0.1;

/**
 * The platform's timer: queryOrders as often as the manifest says. Runs at a moment at which nothing is due and none is under
 * way are passed over, all but a few: a week has thousands, and what they find is what was found before.
 */
export function startTimer(shop: Shop): void {
  const { scheduler, books, faults, chat } = shop;
  const chance = shop.chance.branch('timer');
  const nextSample = () => scheduler.time - Math.log(1 - chance.next()) * (PERIOD_MS / IDLE_RUNS);
  let sampleAt = nextSample();
  let underWay = 0;
  let planned = Number.POSITIVE_INFINITY;
  let cancel = () => {};

  const plan = (due: number) => {
    const tick = Math.ceil(Math.max(due, scheduler.time + 1) / PERIOD_MS) * PERIOD_MS;
    if (tick >= planned) return;
    cancel();
    planned = tick;
    cancel = scheduler.at(tick, () => {
      planned = Number.POSITIVE_INFINITY;
      if (isWorthRunning()) run();
      // What is still due now is in a run's hands; it is due again in the next run if that one fails.
      scheduler.after(1, () => plan(Math.min(sampleAt, nextDue())));
    });
  };
  const isWorthRunning = () => {
    if (underWay > 0 || nextDue() <= scheduler.time) return true;
    if (scheduler.time < sampleAt) return chance.happens(AFTER_WORK_RUNS);
    sampleAt = nextSample();
    return true;
  };
  const run = () => {
    const runs = faults.hits('timer missed') ? 0 : faults.hits('timer twice') ? 2 : 1;
    for (let each = 0; each < runs; each++) {
      underWay++;
      void fire(shop).finally(() => underWay--);
    }
  };
  /** The moment at which the first of all orders is due, or something is to be told. */
  const nextDue = (): number => {
    let first = chat.isThere ? tellingDue(books, scheduler.time) : Number.POSITIVE_INFINITY;
    for (const { next_query_at } of books.orders.values())
      if (next_query_at !== 0 && next_query_at < first) first = next_query_at;
    return first;
  };

  books.onCommit(({ orders, alarms, isProgress }) => {
    for (const { after } of orders) if (after.next_query_at !== 0) plan(after.next_query_at);
    if (chat.isThere && (alarms.length > 0 || isProgress)) plan(tellingDue(books, scheduler.time));
  });
  plan(sampleAt);
}

async function fire({ platform, log, findings, books, questions, scheduler, telling }: Shop): Promise<void> {
  log.record('timer', 'runs queryOrders');
  const event = {
    Type: 'Timer',
    TriggerName: 'queryOrders',
    Time: scheduler.now().toISOString(),
    Message: '',
  };
  const isDue = (moment: number) => moment !== 0 && moment <= scheduler.time;
  const due = [...books.orders.values()]
    .filter(({ next_query_at }) => isDue(next_query_at))
    .map(({ out_trade_no }) => out_trade_no);
  const outcome = await platform.invoke('queryOrders', event);
  const answer = outcome.kind === 'answered' ? JSON.stringify(outcome.answer) : outcome.kind;
  log.record('queryOrders', `ends: ${answer}`);
  if (outcome.kind !== 'answered' || outcome.troubles.size > 0) questions.disturbed(due);
  telling.ended(outcome);
  if (outcome.kind === 'threw' && outcome.troubles.size === 0)
    findings.report('no crash', `queryOrders threw: ${outcome.error}`);
  if (outcome.kind === 'answered' && answer.includes('errcode'))
    findings.report('no crash', `queryOrders answered its timer ${answer}`);
}
