import type {
  ChannelName,
  CreateOrderRequest,
  ErrorCode,
  PaymentParameters,
  VirtualPaymentParameters,
} from '../../../cloudfunctions/_shared/contract';
import type { Answered, Lost } from '../answer';
import type { Attempt } from '../order/attempts';
import type { OrderCreated } from '../order/order';
import type { Store } from '../store';
import type { Choice } from './request-ids';
import type { Obstacle, Terminal } from './terminal';

/** What buying needs of the phone and the server. */
export interface Checkout {
  readonly store: Store;
  terminal(): Terminal;
  newRequestId(): Promise<string>;
  /** A code by which the server learns who is signed in to WeChat here: good once, for five minutes. */
  signIn(): Promise<SignedIn | Lost>;
  createOrder(request: CreateOrderRequest): Promise<Answered<OrderCreated>>;
  /**
   * Opens the cashier that the parameters are for, and says how it was left; `late` where it says so only after it was no
   * longer waited for.
   */
  pay(
    payment: PaymentParameters | VirtualPaymentParameters,
    late: (attempt: Attempt) => void,
  ): Promise<Attempt>;
  /** Asks whether the shop may send one message of this template; what cannot be asked counts as no. */
  askForMessage(template_id: string): Promise<'accept' | 'reject' | 'unasked'>;
  /** Tells the server that the shopper wants to be reminded before the order's membership ends. Nobody waits for it. */
  wantReminder(out_trade_no: string): void;
}

export interface SignedIn {
  readonly kind: 'signed-in';
  readonly code: string;
}

export interface OrderRequest extends Choice {
  /** How the product or the order is paid, as far as this phone knows. */
  readonly channel: ChannelName;
  /** The price on the button that was tapped, in fen: nothing else is ever paid. */
  readonly total_fee: number;
}

/** It cannot be paid on this terminal, and nothing was ordered. */
export interface Hindered {
  readonly kind: 'hindered';
  readonly obstacle: Obstacle;
}

/** How buying ended, from the shopper's side. */
export type Bought =
  /** There is an order to look at: it was paid for, its payment is looked into, or the cashier was closed. */
  | { readonly kind: 'ordered'; readonly out_trade_no: string }
  | { readonly kind: 'price-changed'; readonly total_fee: number }
  | { readonly kind: 'refused'; readonly errcode: ErrorCode }
  | Hindered
  | Lost;
