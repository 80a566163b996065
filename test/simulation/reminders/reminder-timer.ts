import type { Shop } from '../shop.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** From ten to twenty o'clock in Beijing, in hours of a day in UTC. */
const HOURS = { first: 2, last: 12 };

/** The platform's timer: sendReminders by day, each hour. Hours at which nothing is due are passed over. */
export function startReminderTimer(shop: Shop): void {
  const { scheduler, books, consents, faults } = shop;
  if (!consents.isThere) return;
  let planned = Number.POSITIVE_INFINITY;
  let cancel = () => {};

  const plan = () => {
    const tick = tickAfter(Math.max(nextDue(), scheduler.time + 1));
    if (tick >= planned) return;
    cancel();
    planned = tick;
    cancel = scheduler.at(tick, () => {
      planned = Number.POSITIVE_INFINITY;
      const runs = faults.hits('reminder timer missed') ? 0 : faults.hits('reminder timer twice') ? 2 : 1;
      for (let each = 0; each < runs; each++) void fire(shop);
      plan();
    });
  };
  const nextDue = () => {
    const due = [...books.reminders.values()].map(({ due_at }) => due_at);
    const moments = due.map((moment) =>
      moment instanceof Date ? moment.getTime() : Number.POSITIVE_INFINITY,
    );
    return Math.min(Number.POSITIVE_INFINITY, ...moments);
  };
  books.onCommit(({ reminders }) => {
    if (reminders.length > 0) plan();
  });
}

/** The first run of the timer at a moment or after it. */
function tickAfter(moment: number): number {
  const hour = Math.ceil(moment / HOUR_MS) * HOUR_MS;
  const day = Math.floor(hour / DAY_MS) * DAY_MS;
  if (hour < day + HOURS.first * HOUR_MS) return day + HOURS.first * HOUR_MS;
  return hour <= day + HOURS.last * HOUR_MS ? hour : day + DAY_MS + HOURS.first * HOUR_MS;
}

async function fire({ platform, log, findings, scheduler, reminding }: Shop): Promise<void> {
  log.record('timer', 'runs sendReminders');
  const Time = scheduler.now().toISOString();
  const event = { Type: 'Timer', TriggerName: 'sendReminders', Time, Message: '' };
  const outcome = await platform.invoke('sendReminders', event);
  const answer = outcome.kind === 'answered' ? JSON.stringify(outcome.answer) : outcome.kind;
  log.record('sendReminders', `ends: ${answer}`);
  reminding.ended(outcome);
  if (outcome.kind === 'threw' && outcome.troubles.size === 0)
    findings.report('no crash', `sendReminders threw: ${outcome.error}`);
  if (outcome.kind === 'answered' && answer.includes('errcode'))
    findings.report('no crash', `sendReminders answered its timer ${answer}`);
}
