import { QUERY_ORDERS_EVERY_MINUTES } from '../../scripts/manifest.ts';
import type { Shop } from './shop.ts';

const PERIOD_MS = QUERY_ORDERS_EVERY_MINUTES * 60_000;
/** In this part of the runs that find nothing to do the timer runs all the same, to see that it does nothing. */
const IDLE_RUNS = 1 / 1500;

/**
 * The platform's timer: queryOrders as often as the manifest says. Runs that find nothing due are passed over, all but a few:
 * a week has thousands, and what they find is what was found before.
 */
export function startTimer(shop: Shop): void {
  const { scheduler, books, faults } = shop;
  const chance = shop.chance.branch('timer');
  let planned = Number.POSITIVE_INFINITY;
  let cancel = () => {};
  const plan = (due: number) => {
    const tick = Math.ceil(Math.max(due, scheduler.time + 1) / PERIOD_MS) * PERIOD_MS;
    if (tick >= planned) return;
    cancel();
    planned = tick;
    cancel = scheduler.at(tick, () => {
      planned = Number.POSITIVE_INFINITY;
      const runs = faults.hits('timer missed') ? 0 : faults.hits('timer twice') ? 2 : 1;
      for (let run = 0; run < runs; run++) void fire(shop);
      // What is still due now is in a run's hands; it is due again in the next run if that one fails.
      scheduler.after(1, () => planNext());
    });
  };
  const planNext = () => {
    let due = scheduler.time - Math.log(1 - chance.next()) * (PERIOD_MS / IDLE_RUNS);
    for (const order of books.orders.values())
      if (order.next_query_at !== 0) due = Math.min(due, order.next_query_at);
    plan(due);
  };
  books.onCommit(({ orders }) => {
    for (const { after } of orders) if (after.next_query_at !== 0) plan(after.next_query_at);
  });
  planNext();
}

async function fire({ platform, story, findings, books, questions, scheduler }: Shop): Promise<void> {
  story.tell('timer', 'runs queryOrders');
  const event = {
    Type: 'Timer',
    TriggerName: 'queryOrders',
    Time: scheduler.now().toISOString(),
    Message: '',
  };
  const due = [...books.orders.values()]
    .filter((order) => order.next_query_at <= scheduler.time)
    .map((order) => order.out_trade_no);
  const outcome = await platform.invoke('queryOrders', event);
  const told = outcome.kind === 'answered' ? JSON.stringify(outcome.answer) : outcome.kind;
  story.tell('queryOrders', `ends: ${told}`);
  if (outcome.kind !== 'answered' || outcome.troubles.size > 0) questions.disturbed(due);
  if (outcome.kind === 'threw' && outcome.troubles.size === 0)
    findings.report('no crash', `queryOrders threw: ${outcome.error}`);
  if (outcome.kind === 'answered' && told.includes('errcode'))
    findings.report('no crash', `queryOrders answered its timer ${told}`);
}
