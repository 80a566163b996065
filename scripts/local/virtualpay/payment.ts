import type { WorldClock } from '../clock.ts';
import type { Random } from '../weixin/spelling.ts';
import type { Account } from './account.ts';
import { deliverEvent } from './events.ts';
import type { VirtualPayFaults } from './faults.ts';
import { type Ledger, type LedgerOrder, type Payment, STATUS } from './ledger.ts';
import type { EventSlot, Pushes } from './pushes.ts';
import { newAppleTransactionId, newTransactionId } from './spelling.ts';

export interface PaymentWorld {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly account: Account;
  readonly ledger: Ledger;
  readonly faults: VirtualPayFaults;
  readonly pushes: Pushes;
}

/** The money is there: the order is paid, and the function that delivers is called. */
export function receivePayment(world: PaymentWorld, order: LedgerOrder): void {
  const { clock, random, account, ledger, faults, pushes } = world;
  const now = clock.now();
  const hidden = faults.take(['hide-payment'], { out_trade_no: order.out_trade_no });
  const transaction_id = order.is_apple ? newAppleTransactionId(random) : newTransactionId(now, random);
  const payment: Payment = {
    paid_at: now,
    transaction_id,
    visible_at: new Date(now.getTime() + (hidden?.ms ?? 0)),
  };
  ledger.change(order, { status: STATUS.PAID, payment });
  pushes.begin(deliverSlot(ledger, clock, order), deliverEvent({ ...order, payment }, { account, now }));
}

/** Where the deliver event is kept, and what its pushing changes: it is underway, then delivered. */
export function deliverSlot(ledger: Ledger, clock: WorldClock, order: LedgerOrder): EventSlot {
  return {
    out_trade_no: order.out_trade_no,
    read: () => order.event,
    write: (event) => ledger.change(order, { event }),
    onPush: () => {
      if (order.status === STATUS.PAID) ledger.change(order, { status: STATUS.DELIVERING });
    },
    onOk: () => provide(ledger, clock, order),
  };
}

/** The merchant delivered: it said so to the event, or by notify_provide_goods. */
export function provide(ledger: Ledger, clock: WorldClock, order: LedgerOrder): void {
  if (order.status !== STATUS.PAID && order.status !== STATUS.DELIVERING) return;
  ledger.change(order, { status: STATUS.DELIVERED, provided_at: clock.now() });
}
