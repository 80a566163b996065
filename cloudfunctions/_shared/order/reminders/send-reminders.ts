import PQueue from 'p-queue';
import { alarm } from '../alarms.ts';
import { beginByOf } from '../deadline.ts';
import { termFieldsOf } from '../term.ts';
import { Outgoing, type Sent } from './outgoing.ts';
import type { ReminderPorts } from './ports.ts';
import { decideReminder, type Reminder } from './reminder.ts';

/** How many are worked on at once, and read at a time. */
const AT_ONCE = 10;
const PAGE = 100;
/** One that could not be sent is tried again by the next run. */
const AGAIN_MS = 30 * 60_000;

/** How a run went, in reminders. */
export interface ReminderReport {
  sent: number;
  /** Nobody knows whether WeChat sent them. They count as sent: one too few is better than one too many. */
  unknown: number;
  /** The shopper takes none, or is no member any more. */
  dropped: number;
  /** Their time is yet to come, or they are tried again. */
  later: number;
  /** False when time ran out, or WeChat takes or answers no message now, before all that was due was done. */
  complete: boolean;
}

/**
 * Reminds everybody whose membership ends soon and who agreed to it. Each is claimed before it is sent, so that nobody is reminded
 * twice for one consent, whatever dies or overlaps; one that WeChat certainly did not send is given back. Where WeChat does not answer, the others stay due.
 */
export async function sendReminders(ports: ReminderPorts): Promise<ReminderReport> {
  const report: ReminderReport = { sent: 0, unknown: 0, dropped: 0, later: 0, complete: false };
  const beginBy = beginByOf(ports.deadline);
  const isLate = () => ports.clock.now() >= beginBy;
  const outgoing = new Outgoing({ remind: ports.remind, isLate });
  const queue = new PQueue({ concurrency: AT_ONCE });
  for (;;) {
    if (outgoing.isOver) return report;
    const page = await ports.reminders.due(ports.clock.now(), PAGE);
    const turns = page.map((reminder) =>
      queue.add(async () => {
        if (outgoing.isOver) return;
        const turn = await takeTurnOrFail({ ...ports, outgoing }, reminder);
        if (turn !== 'taken') report[turn]++;
      }),
    );
    await Promise.all(turns);
    if (page.length < PAGE) return { ...report, complete: !outgoing.isOver };
  }
}

/** `taken`: another run has it. */
type Turn = 'sent' | 'unknown' | 'dropped' | 'later' | 'taken';

interface TurnPorts extends ReminderPorts {
  readonly outgoing: Outgoing;
}

/** One that fails stops no other: it is still due, or was claimed, and then it counts as sent. */
async function takeTurnOrFail(ports: TurnPorts, reminder: Reminder): Promise<Turn> {
  try {
    return await takeTurn(ports, reminder);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    ports.logger.error('reminder.failed', { reminder: reminder._id, message });
    return 'later';
  }
}

async function takeTurn(ports: TurnPorts, reminder: Reminder): Promise<Turn> {
  const { reminders, products, outgoing, clock } = ports;
  const now = clock.now();
  const end = await reminders.endOf(reminder._openid, reminder.membership);
  const decision = decideReminder(reminder, { end, now });
  if (decision.kind === 'later')
    return (await reminders.change(reminder, { due_at: decision.due_at })) ? 'later' : 'taken';
  const product = decision.kind === 'send' ? await products.find(reminder.product_id) : undefined;
  // What is no longer sold cannot be renewed.
  if (decision.kind === 'over' || !product?.on_sale)
    return (await reminders.change(reminder, { due_at: null })) ? 'dropped' : 'taken';
  const { _openid: openid, appid } = reminder;
  const message = { openid, appid, page: pageOf(reminder), name: product.name, end: decision.end };
  const claim = { due_at: null, tried_at: now };
  const sent = await outgoing.send(message, () => reminders.change(reminder, claim));
  return receive(ports, { ...reminder, ...claim }, sent);
}

async function receive(ports: ReminderPorts, claimed: Reminder, sent: Sent): Promise<Turn> {
  const { logger, alarms, clock, reminders } = ports;
  const about = { reminder: claimed._id };
  switch (sent.kind) {
    case 'taken':
      return 'taken';
    case 'left':
      return 'later';
    case 'sent':
      logger.info('reminder.sent', about);
      return 'sent';
    case 'unknown':
      logger.warn('reminder.unknown', { ...about, code: sent.code });
      return 'unknown';
    case 'refused':
      logger.info('reminder.refused', { ...about, code: sent.code });
      return 'dropped';
    case 'unsent':
    case 'misconfigured': {
      logger.warn('reminder.unsent', { ...about, code: sent.code });
      await reminders.change(claimed, {
        due_at: new Date(clock.now().getTime() + AGAIN_MS),
        tried_at: null,
      });
      if (sent.kind === 'misconfigured')
        await alarms.raise(alarm('MESSAGE_REFUSED', sent.code, sent.message, clock.now()));
      return 'later';
    }
  }
}

/** The shop with what renews the membership already chosen. */
function pageOf(reminder: Reminder): string {
  const term = Object.entries(termFieldsOf(reminder)).map(([name, count]) => `${name}=${count}`);
  return `pages/shop/shop?${[`product_id=${encodeURIComponent(reminder.product_id)}`, ...term].join('&')}`;
}
