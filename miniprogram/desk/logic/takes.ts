import type { OrderInFull, Takes } from './history';

/** What is left of an order to be given back, in fen. */
export function leftOf(
  order: Pick<OrderInFull, 'total_fee' | 'refunded_fee' | 'refund_reserved_fee'>,
): number {
  return Math.max(0, order.total_fee - order.refunded_fee - order.refund_reserved_fee);
}

/**
 * What a refund takes unless the operator says otherwise: everything when all is given back, else days by its share. The
 * server proposes the same where it is asked without; it is said here so that the operator sees it before.
 */
export function proposedTakes(
  order: Pick<OrderInFull, 'total_fee' | 'refunded_fee' | 'days'>,
  refund_fee: number,
): Takes {
  if (order.refunded_fee + refund_fee >= order.total_fee) return 'all';
  const days = Math.round((order.days * refund_fee) / order.total_fee);
  return days < 1 ? 'none' : { days };
}

/** `扣减 19 天` */
export function takesInWords(takes: Takes): string {
  if (takes === 'all') return '收回未用时长';
  return takes === 'none' ? '不扣时长' : `扣减 ${takes.days} 天`;
}
