/** What phones were reported, by out_trade_no: whatever is killed afterwards, it stays so. */
export class Acknowledged {
  /** createOrder answered with parameters for wx.requestPayment. */
  readonly placed = new Set<string>();
  /** The cashier answered `requestPayment:ok`. */
  readonly paid = new Set<string>();
  /** A function answered that the order is SUCCESS, and until when its membership lasts. */
  readonly granted = new Map<string, number>();
  /** A function answered that the order is CLOSED. */
  readonly closed = new Set<string>();

  /** Notes what a function said of an order. */
  record({ out_trade_no, trade_state, expires_at }: SaidOrder): void {
    if (trade_state === 'CLOSED') this.closed.add(out_trade_no);
    if (trade_state === 'SUCCESS') this.granted.set(out_trade_no, Date.parse(expires_at ?? ''));
  }

  get count(): number {
    return this.placed.size + this.paid.size + this.granted.size + this.closed.size;
  }
}

export interface SaidOrder {
  readonly out_trade_no: string;
  readonly trade_state: string;
  readonly expires_at: string | null;
}
