/** Who is paid: a merchant at WeChat Pay and the API v2 keys it signs with. The keys are secrets; never log one. */
export interface Merchant {
  readonly mch_id: string;
  readonly api_key: string;
  /** While keys are changed: the one before. Messages WeChat signed with it are still believed. */
  readonly api_key_previous?: string;
}

/** The merchant's keys, by the names by which a message's key may be reported. */
export type KeyName = 'current' | 'previous';

/** The keys to try, the current one first. */
export function keysOf(merchant: Merchant): readonly { readonly name: KeyName; readonly key: string }[] {
  const current = { name: 'current', key: merchant.api_key } as const;
  if (!merchant.api_key_previous) return [current];
  return [current, { name: 'previous', key: merchant.api_key_previous }];
}
