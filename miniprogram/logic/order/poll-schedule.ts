/**
 * How long to wait before the server is asked again about an order that is being confirmed. Most notices arrive within
 * two seconds; WeChat is asked at most once in three seconds an order. After the last wait the shopper asks by hand.
 */
export const POLL_AFTER_MS: readonly number[] = [
  1000, 2000, 3000, 3000, 5000, 5000, 10_000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000,
];

export function pollAfterMs(asked: number): number | undefined {
  return POLL_AFTER_MS[asked];
}
