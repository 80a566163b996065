import type * as v from 'valibot';
import type { Database } from '../_shared/cloud/database/database.ts';
import { readAlarm } from '../_shared/cloud/database/stores/alarm-done.ts';
import { findOperator } from '../_shared/cloud/database/stores/operators.ts';
import { type Overview, overviewIn } from '../_shared/cloud/database/stores/overview.ts';
import type { Call } from '../_shared/cloud/functions/callable.ts';
import { operatorFunction } from '../_shared/cloud/functions/operator-function.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { sayAlarmDone } from '../_shared/cloud/say-alarm-done.ts';
import { refusal } from '../_shared/order/refusal.ts';
import { DeskRequestSchema } from './acts.ts';
import { billsView } from './bills.ts';
import { historyView } from './history.ts';
import { alarmView, orderView, placeView } from './views.ts';

/** What an operator sees and does on the desk, the pages of the mini-program that only operators can open. */
export function build(runtime: Runtime) {
  return operatorFunction(runtime, { name: 'serveDesk', schema: DeskRequestSchema }, (call) =>
    act(runtime, call),
  );
}

/** As many of a list as a page shows at once. */
const PAGE = 20;
/** A month of one channel. */
const BILLS_PAGE = 31;

type Request = v.InferOutput<typeof DeskRequestSchema>;

async function act(runtime: Runtime, { openid, input }: Call<Request>) {
  const database = await runtime.database();
  const overview = overviewIn(database);
  switch (input.act) {
    case 'me':
      return me(database, overview, openid);
    case 'orders':
      return orders(overview, input);
    case 'order':
      return order(overview, input.out_trade_no);
    case 'alarms': {
      const { documents, next } = await overview.alarms({ limit: PAGE, from: input.from });
      const alarms = documents.flatMap((document) => readAlarm(document) ?? []);
      const names = await overview.namesOf(alarms.flatMap(({ done_by }) => done_by ?? []));
      return { alarms: alarms.map(alarmView), ...placeView(next), names };
    }
    case 'bills':
      return billsView(await overview.bills({ limit: BILLS_PAGE, before: input.before }), BILLS_PAGE);
    case 'alarm.done': {
      const alarm = await sayAlarmDone(runtime, database, { ...input, by: openid });
      if ('kind' in alarm) return alarm;
      const names = await overview.namesOf(alarm.done_by === null ? [] : [alarm.done_by]);
      return { alarm: alarmView(alarm), names };
    }
  }
}

async function me(database: Database, overview: Overview, openid: string) {
  const [operator, open_alarms] = await Promise.all([
    findOperator(database, openid),
    overview.openAlarms(PAGE),
  ]);
  return { name: operator?.name ?? '', open_alarms, open_alarms_max: PAGE };
}

async function orders(
  overview: Overview,
  { search, from }: Pick<Extract<Request, { act: 'orders' }>, 'search' | 'from'>,
) {
  const page = { limit: PAGE, from };
  if (search === undefined || from !== undefined)
    return listed(await overview.orders({ ...page, openid: search }));
  // Whatever it is: all three are read by an index, and nobody has to guess what was typed.
  const [ofNumber, ofShopper] = await Promise.all([
    overview.ordersOfNumber(search),
    overview.orders({ ...page, openid: search }),
  ]);
  return ofNumber.length > 0 ? listed({ documents: ofNumber, next: undefined }) : listed(ofShopper);
}

function listed({ documents, next }: Awaited<ReturnType<Overview['orders']>>) {
  return { orders: documents.map(orderView), ...placeView(next) };
}

async function order(overview: Overview, out_trade_no: string) {
  const found = await overview.order(out_trade_no);
  if (found.order === null) return refusal('ORDER_NOT_FOUND', 'There is no order of this out_trade_no.');
  const history = historyView(out_trade_no, found);
  return { ...history, names: await overview.namesOf(peopleIn(history)) };
}

function peopleIn({ refunds, alarms, audit }: ReturnType<typeof historyView>): string[] {
  return [
    ...refunds.flatMap((refund) => ('unreadable' in refund ? [] : (refund.requested_by ?? []))),
    ...alarms.flatMap(({ done_by }) => done_by ?? []),
    ...audit.map(({ by }) => by),
  ];
}
