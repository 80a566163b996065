import { couponTotal } from './coupons.ts';
import type { LedgerOrder, LedgerRefund, Payment } from './ledger.ts';
import { spellRefundTime } from './spelling.ts';

export type BillType = 'ALL' | 'SUCCESS' | 'REFUND';

/** A payment, or a refund of one, as a line of a bill. Amounts in fen. */
export interface BillLine {
  readonly order: LedgerOrder;
  readonly payment: Payment;
  readonly refund?: LedgerRefund;
  /** What it adds to the sums. */
  readonly total: number;
  readonly settled: number;
  readonly returned: number;
  readonly fee: number;
  /** Whether the refund had ended when the bill was made. */
  readonly isEnded: boolean;
}

/** What a column says of a line. */
interface Column {
  readonly title: string;
  readonly of: (line: BillLine) => string;
  /** In which bill it is; in each where left out. */
  readonly only?: BillType;
}

/** How WeChat names a refund's end in bills. */
const REFUND_STATES = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  CHANGE: 'CHANGE',
  REFUNDCLOSE: 'FAIL',
} as const;

const COLUMNS: readonly Column[] = [
  {
    title: '交易时间',
    of: ({ payment, refund }) => spellRefundTime(refund ? refund.created_at : payment.time_end),
  },
  { title: '公众账号ID', of: ({ order }) => order.appid },
  { title: '商户号', of: ({ order }) => order.mch_id },
  { title: '特约商户号', of: () => '0' },
  { title: '设备号', of: ({ order }) => order.parameters.device_info ?? '' },
  { title: '微信订单号', of: ({ payment }) => payment.transaction_id },
  { title: '商户订单号', of: ({ order }) => order.out_trade_no },
  { title: '用户标识', of: ({ order }) => order.parameters.openid ?? '' },
  { title: '交易类型', of: () => 'JSAPI' },
  { title: '交易状态', of: ({ refund }) => (refund ? 'REFUND' : 'SUCCESS') },
  { title: '付款银行', of: ({ payment }) => payment.bank_type },
  { title: '货币种类', of: () => 'CNY' },
  { title: '应结订单金额', of: ({ settled }) => yuan(settled) },
  {
    title: '代金券金额',
    of: ({ payment, refund }) => yuan(refund ? 0 : couponTotal(payment.coupons ?? [])),
  },
  {
    title: '退款申请时间',
    only: 'REFUND',
    of: ({ refund }) => (refund ? spellRefundTime(refund.created_at) : ''),
  },
  {
    title: '退款成功时间',
    only: 'REFUND',
    of: ({ refund, isEnded }) =>
      isEnded && refund?.ended_at && refund.refund_status === 'SUCCESS'
        ? spellRefundTime(refund.ended_at)
        : '',
  },
  { title: '微信退款单号', of: ({ refund }) => refund?.refund_id ?? '0' },
  { title: '商户退款单号', of: ({ refund }) => refund?.out_refund_no ?? '0' },
  { title: '退款金额', of: ({ returned }) => yuan(returned) },
  { title: '充值券退款金额', of: () => '0.00' },
  { title: '退款类型', of: ({ refund }) => (refund ? 'ORIGINAL' : '') },
  {
    title: '退款状态',
    of: ({ refund, isEnded }) => (refund ? REFUND_STATES[isEnded ? refund.refund_status : 'PROCESSING'] : ''),
  },
  { title: '商品名称', of: ({ order }) => order.parameters.body ?? '' },
  { title: '商户数据包', of: ({ order }) => order.parameters.attach ?? '' },
  { title: '手续费', of: ({ fee }) => `${yuan(fee)}000` },
  { title: '费率', of: () => '0.60%' },
  { title: '订单金额', of: ({ total }) => yuan(total) },
  { title: '申请退款金额', of: ({ returned }) => yuan(returned) },
  { title: '费率备注', of: () => '' },
];

/** The columns of a bill, in their order. */
export function columnsOf(type: BillType): readonly Column[] {
  return COLUMNS.filter(({ only }) => only === undefined || only === type);
}

/** Fen as a bill has them. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
