/** What a phone receives: an answer, or that the call failed, which says nothing about what was done. */
export interface PhoneAnswer {
  readonly errcode?: string;
  readonly order?: { readonly out_trade_no: string };
  readonly payment?: object;
  readonly total_fee?: number;
}

/** The order that a call names, or the request for one. */
export interface PhoneRequest {
  readonly out_trade_no?: string;
  readonly request_id?: string;
  readonly product_id?: string;
  readonly months?: number;
  readonly expected_total_fee?: number;
  /** The request_id of the order that this one is to replace. */
  readonly supersedes?: string;
  /** That the shopper agreed to be reminded. */
  readonly remind?: true;
  /** What wx.login gave. */
  readonly code?: string;
}
