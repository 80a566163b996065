import { textOf } from './fields.ts';
import { ordersOf } from './orders.ts';
import type { ConsoleParts } from './parts.ts';
import type { Switches } from './switches.ts';
import type { Channel, ConsoleState, Planned } from './wire.ts';

const PLANNED_MAX = 4;

export interface Looking {
  readonly switches: Switches;
  /** Where the phone is, when there is one, and which page it opens. */
  readonly simulatorUrl: string | undefined;
  readonly phonePath: string | undefined;
  /** Only orders that this is a part of. */
  readonly find: string;
  /** How many orders; as many as a table shows unless said. */
  readonly ordersMax?: number;
}

export function stateOf(
  parts: ConsoleParts,
  { switches, simulatorUrl, phonePath, find, ordersMax }: Looking,
): ConsoleState {
  const { clock, cloud, shoppers } = parts;
  return {
    now: clock.now().toISOString(),
    offset: clock.offset,
    simulatorUrl: simulatorUrl ?? null,
    phonePath: phonePath ?? null,
    shoppers,
    ...ordersOf(parts, find, ordersMax),
    collections: cloud.collections().map((name) => ({ name, count: cloud.documents(name).length })),
    ...soldOf(parts),
    timers: parts.timers.next.map(({ functionName }) => functionName),
    switches: switches.states,
    planned: plannedOf(parts),
  };
}

/** What is sold, and through what. */
function soldOf({ cloud }: ConsoleParts): Pick<ConsoleState, 'productNames' | 'channels'> {
  const products = cloud.collections().includes('products') ? cloud.documents('products') : [];
  const names = products.map(({ _id, name }) => [String(_id), textOf(name) ?? String(_id)]);
  const channels = products.map(
    ({ channel }): Channel => (channel === 'virtualpay' ? 'virtualpay' : 'wechatpay'),
  );
  return {
    productNames: Object.fromEntries(names),
    channels: channels.length > 0 ? [...new Set(channels)].sort() : ['wechatpay'],
  };
}

function plannedOf({ timers, wechatpay, virtualpay }: ConsoleParts): Planned[] {
  const events = virtualpay
    .orders()
    .flatMap(({ out_trade_no, event }) =>
      event?.next_at ? [plannedSending('event', event.next_at, out_trade_no, event.attempts)] : [],
    );
  const notices = wechatpay
    .orders()
    .flatMap(({ out_trade_no, next_notice_at: at, notices: sent }) =>
      at ? [plannedSending('notice', at, out_trade_no, sent)] : [],
    );
  const runs = timers.next.flatMap(({ functionName, at }): Planned[] =>
    at ? [{ kind: 'timer', at: at.toISOString(), functionName }] : [],
  );
  return [...notices, ...events, ...runs].sort((a, b) => a.at.localeCompare(b.at)).slice(0, PLANNED_MAX);
}

function plannedSending(
  kind: 'notice' | 'event',
  at: Date,
  out_trade_no: string,
  sent: readonly unknown[],
): Planned {
  return { kind, at: at.toISOString(), out_trade_no, turn: sent.length + 1 };
}
