/** What is sold through virtual payment. */
export const VIP = 'vip';

/** The terms that everything is sold for. */
export const MONTHS = [1, 3, 6, 12] as const;
