import type {
  BackendError,
  DatabaseRequest,
  DatabaseResult,
  FileAnswer,
  PaymentParameters,
  PhoneKind,
  Query,
  Shopper,
  VirtualPaymentParameters,
  VirtualRefusal,
} from './wire.ts';

/** A payment that the cashier is willing to show, or the reason why the phone refuses its parameters. */
export type OpenedPayment =
  | {
      readonly kind: 'open';
      readonly id: string;
      readonly payee: string;
      /** What is bought, as the order's `body` says it. */
      readonly body: string;
      /** In fen. */
      readonly total_fee: number;
      /** What the shopper has in 零钱, in fen. Left out when the world does not keep it. */
      readonly balance?: number;
    }
  | { readonly kind: 'refused'; readonly reason: string };

export type PaidPayment = { readonly kind: 'paid' } | { readonly kind: 'refused'; readonly reason: string };

export interface Cashier {
  /** Checks the parameters of `wx.requestPayment` as the phone does. */
  open(parameters: PaymentParameters, shopper: Shopper): Promise<OpenedPayment>;
  pay(id: string): Promise<PaidPayment>;
  /** The shopper's payment did not go through, as for lack of funds. */
  fail(id: string, reason: string): Promise<void>;
  /** The shopper closed the cashier. */
  cancel(id: string): Promise<void>;
}

/** The cash desk of `wx.requestVirtualPayment`. Its refusals are what the mini-program receives. */
export interface VirtualCashier {
  /** Checks the parameters as the phone does; WeChat has the order from here on. */
  open(
    parameters: VirtualPaymentParameters,
    phone: PhoneKind,
    shopper: Shopper,
  ): Promise<Extract<OpenedPayment, { kind: 'open' }> | VirtualRefusal>;
  /** `lost` is a payment of which the mini-program receives neither success nor fail. */
  pay(id: string): Promise<{ readonly kind: 'paid' } | { readonly kind: 'lost' } | VirtualRefusal>;
  fail(id: string): Promise<VirtualRefusal>;
  cancel(id: string): Promise<VirtualRefusal>;
}

/** The cloud storage. What is wrong with one file of several is said of that one. */
export interface FileBackend {
  upload(
    cloudPath: string,
    content: Uint8Array,
    shopper: Shopper,
  ): Promise<{ readonly fileID: string } | { readonly error: BackendError }>;
  urls(
    fileList: readonly { readonly fileID: string; readonly maxAge?: number }[],
    shopper: Shopper,
  ): Promise<FileAnswer>;
  remove(fileList: readonly string[], shopper: Shopper): Promise<FileAnswer>;
  /**
   * @param address a file ID, or what `urls` gave out
   * @returns undefined where there is no such file
   */
  read(address: string): Promise<{ readonly content: Uint8Array; readonly type: string } | undefined>;
}

/**
 * Everything behind the phone. A rejected promise means that no answer came: the page sees a network failure.
 * A refusal is returned.
 */
export interface SimulatorBackend {
  readonly shoppers: readonly [Shopper, ...Shopper[]];
  callFunction(
    name: string,
    data: unknown,
    shopper: Shopper,
  ): Promise<{ readonly result?: unknown } | { readonly error: BackendError }>;
  database(
    request: DatabaseRequest,
    shopper: Shopper,
  ): Promise<{ readonly data: DatabaseResult } | { readonly error: BackendError }>;
  /**
   * Reports what a query finds, now and after each change.
   * @param report receives all documents, in order
   */
  watch(
    query: Query,
    shopper: Shopper,
    report: (documents: readonly unknown[]) => void,
  ): Promise<{ readonly stop: () => void } | { readonly error: BackendError }>;
  readonly files: FileBackend;
  readonly cashier: Cashier;
  /** `wx.login`. */
  login(shopper: Shopper): Promise<{ readonly code: string }>;
  readonly virtualCashier: VirtualCashier;
  /** `wx.requestSubscribeMessage`. */
  readonly subscribe: {
    /** What the messages of these templates are called; fewer where one is none of the mini-program's. */
    titles(tmplIds: readonly string[]): readonly string[];
    answer(tmplIds: readonly string[], consent: 'accept' | 'reject', shopper: Shopper): void;
  };
}
