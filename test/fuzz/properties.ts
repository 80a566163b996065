import type { IRawProperty } from 'fast-check';
import { moneyIsExact, monthsAreAddedByTheCalendar, orderNumbersDiffer } from './arithmetic.ts';
import { anyCallIsAnswered, noShopperRunsTheTimer } from './calls.ts';
import {
  messagesArriveUnchanged,
  readersAgree,
  signsAreByTheRule,
  timesAreReadAsWritten,
} from './messages.ts';
import { anyRequestIsAnswered } from './notice.ts';
import { onlyItsPaymentSettlesAnOrder } from './signed-notice.ts';

/** A sentence that is tried with made-up input. */
export interface Property {
  readonly name: string;
  /** How many of the runs that are asked for: those that work in a database, or are simple, take fewer. */
  readonly share: number;
  readonly make: () => IRawProperty<unknown> | Promise<IRawProperty<unknown>>;
}

export const PROPERTIES: readonly Property[] = [
  {
    name: 'any request to payNotify is answered, and none is believed',
    share: 1,
    make: anyRequestIsAnswered,
  },
  {
    name: 'only its own payment settles an order, whatever WeChat signs',
    share: 1 / 40,
    make: onlyItsPaymentSettlesAnOrder,
  },
  { name: 'any call of a shopper is answered with a code', share: 1 / 4, make: anyCallIsAnswered },
  { name: 'no shopper runs the timer', share: 1 / 20, make: noShopperRunsTheTimer },
  { name: 'messages arrive unchanged', share: 1 / 10, make: messagesArriveUnchanged },
  { name: 'what two readers take, they take for the same', share: 1 / 4, make: readersAgree },
  { name: 'signs are by the rule', share: 1 / 10, make: signsAreByTheRule },
  { name: 'times are read as written', share: 1 / 10, make: timesAreReadAsWritten },
  { name: 'money is exact', share: 1 / 20, make: moneyIsExact },
  { name: 'months are added by the calendar', share: 1 / 20, make: monthsAreAddedByTheCalendar },
  { name: 'order numbers differ', share: 1 / 20, make: orderNumbersDiffer },
];
