import * as v from 'valibot';
import { readBillDay } from '../_shared/cloud/database/stores/bills.ts';
import type { DeskBill, DeskBills } from '../_shared/desk-contract.ts';
import { readOr } from './views.ts';

/** As many differences of a day as are shown one by one. */
const DETAILS_SHOWN_MAX = 20;

const Dated = v.object({ bill_date: v.string() });

/**
 * A page of days. A day has a document for each channel, and a page that is full may have cut between them: its last day is
 * left to the next one.
 */
export function billsView(documents: readonly unknown[], limit: number): Omit<DeskBills, 'now'> {
  const last = documents.length < limit ? undefined : dateOf(documents.at(-1));
  const whole = last === undefined ? documents : documents.filter((document) => dateOf(document) !== last);
  const next = last === undefined ? undefined : (dateOf(whole.at(-1)) ?? last);
  return { bills: whole.map(billView), ...(next !== undefined && { next }) };
}

function billView(document: unknown) {
  return readOr(document, (): DeskBill => {
    const { channel, bill_date, state, payments, refunds, fees, differences, details } =
      readBillDay(document);
    const shown = details.slice(0, DETAILS_SHOWN_MAX);
    return {
      ...{ channel, bill_date, state, payments, refunds, fees, differences },
      details: shown.map(({ kind, out_trade_no, fee }) => ({ kind, out_trade_no, fee })),
    };
  });
}

function dateOf(document: unknown): string | undefined {
  return v.is(Dated, document) ? document.bill_date : undefined;
}
