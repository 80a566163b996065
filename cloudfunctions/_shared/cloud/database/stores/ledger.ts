import * as v from 'valibot';
import type { Ledger, LedgerTransaction } from '../../../order/ports.ts';
import type { Database, Transaction } from '../database.ts';
import { ALARMS } from './alarms.ts';
import { AUDIT } from './operators.ts';
import { ORDERS, readOrder } from './orders.ts';
import { REFUNDS, readRefund } from './refunds.ts';
import { StoredOrderSchema, storedChange } from './stored-order.ts';
import { readUser, USERS } from './users.ts';

const Link = v.pick(StoredOrderSchema, ['trade_state', 'supersedes', 'superseded_by']);

/** Orders and memberships in one transaction of the cloud database. */
export function ledgerIn(database: Database): Ledger {
  return {
    transaction: (work) => database.transaction((transaction) => work(transactionOn(database, transaction))),
  };
}

function transactionOn({ command }: Database, transaction: Transaction): LedgerTransaction {
  return {
    async order(out_trade_no) {
      const document = await transaction.get(ORDERS, out_trade_no);
      return document === undefined ? undefined : readOrder(document);
    },
    async link(out_trade_no) {
      const read = v.safeParse(Link, await transaction.get(ORDERS, out_trade_no));
      return read.success ? read.output : undefined;
    },
    async user(openid) {
      const document = await transaction.get(USERS, openid);
      return document === undefined ? undefined : readUser(document);
    },
    writeOrder: (out_trade_no, { refunds, ...change }) =>
      transaction.update(ORDERS, out_trade_no, {
        ...storedChange(change, command),
        ...(refunds && { refunds: command.set(refunds) }),
      }),
    addUser: ({ _id, ...user }) => transaction.set(USERS, _id, user),
    // As a whole: a path into it would fail where somebody put something else in its way.
    writeMemberships: ({ _id, memberships }) =>
      transaction.update(USERS, _id, { memberships: command.set(memberships) }),
    async refund(out_refund_no) {
      const document = await transaction.get(REFUNDS, out_refund_no);
      return document === undefined ? undefined : readRefund(document);
    },
    writeRefund: ({ _id, ...refund }) => transaction.set(REFUNDS, _id, refund),
    raise: ({ _id, ...alarm }) => transaction.set(ALARMS, _id, alarm),
    audit: ({ _id, ...entry }) => transaction.set(AUDIT, _id, entry),
  };
}
