import { couponTotal } from './coupons.ts';
import type { Faults } from './faults.ts';
import type { LedgerOrder, LedgerRefund, Payment } from './ledger.ts';
import { spellRefundTime } from './spelling.ts';

export type BillType = 'ALL' | 'SUCCESS' | 'REFUND';

/** The moments of a bill: its day, and when it was made. */
export interface BillOf {
  readonly from: Date;
  readonly before: Date;
  readonly made: Date;
  readonly type: BillType;
}

/** What a merchant pays for each payment. */
const RATE_PER_10000 = 60;

interface Line {
  readonly text: string;
  readonly order: number;
  readonly settled: number;
  readonly refund: number;
  readonly fee: number;
}

interface Column {
  readonly title: string;
  /** In which bill it is; in each where left out. */
  readonly only?: BillType;
}

const COLUMNS: readonly Column[] = [
  ...['交易时间', '公众账号ID', '商户号', '特约商户号', '设备号', '微信订单号', '商户订单号', '用户标识'],
  ...['交易类型', '交易状态', '付款银行', '货币种类', '应结订单金额', '代金券金额'],
]
  .map((title): Column => ({ title }))
  .concat(
    ['退款申请时间', '退款成功时间'].map((title) => ({ title, only: 'REFUND' })),
    ['微信退款单号', '商户退款单号', '退款金额', '充值券退款金额', '退款类型', '退款状态', '商品名称'].map(
      (title) => ({ title }),
    ),
    ['商户数据包', '手续费', '费率', '订单金额', '申请退款金额', '费率备注'].map((title) => ({ title })),
  );

const SUMS = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

/** How WeChat names a refund's end in bills. */
const REFUND_STATES = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  CHANGE: 'CHANGE',
  REFUNDCLOSE: 'FAIL',
} as const;

/**
 * The bill of a day: a byte order mark, a line of titles, a line for each payment and refund with a backtick before each value, in
 * no order that could be relied on, and the sums. Undefined where nothing happened.
 */
export function writeBill(orders: readonly LedgerOrder[], of: BillOf, faults: Faults): string | undefined {
  const isOfDay = (moment: Date) => moment >= of.from && moment < of.before;
  const lines: Line[] = [];
  for (const order of orders) {
    for (const refund of order.refunds ?? []) {
      if (of.type === 'SUCCESS' || !order.payment || !isOfDay(refund.created_at)) continue;
      if (faults.take(['lose-refund-line'], order)) continue;
      lines.push(refundLine(order, order.payment, refund, of));
    }
  }
  for (const order of orders) {
    if (of.type === 'REFUND' || !order.payment || !isOfDay(order.payment.time_end)) continue;
    if (faults.take(['lose-payment-line'], order)) continue;
    const line = paymentLine(order, order.payment, of);
    lines.push(line);
    if (faults.take(['repeat-payment-line'], order)) lines.push(line);
  }
  if (lines.length === 0) return undefined;
  const titles = columnsOf(of.type).map(({ title }) => title);
  const sum = (part: (line: Line) => number) => lines.reduce((total, line) => total + part(line), 0);
  const sums = [
    String(lines.length),
    yuan(sum(({ settled }) => settled)),
    yuan(sum(({ refund }) => refund)),
    '0.00',
    `${yuan(sum(({ fee }) => fee))}000`,
    yuan(sum(({ order }) => order)),
    yuan(sum(({ refund }) => refund)),
  ];
  return `\uFEFF${[titles.join(','), ...lines.map(({ text }) => text), SUMS, quoted(sums), ''].join('\r\n')}`;
}

function paymentLine(order: LedgerOrder, payment: Payment, { type }: BillOf): Line {
  const total = Number(order.parameters.total_fee);
  const reductions = (payment.coupons ?? []).filter(({ coupon_type }) => coupon_type === 'NO_CASH');
  const settled = total - couponTotal(reductions);
  const fee = feeOf(settled);
  const text = write(type, {
    ...common(order, payment),
    交易时间: spellRefundTime(payment.time_end),
    交易状态: 'SUCCESS',
    应结订单金额: yuan(settled),
    代金券金额: yuan(couponTotal(payment.coupons ?? [])),
    ...{ 微信退款单号: '0', 商户退款单号: '0', 退款金额: '0.00', 申请退款金额: '0.00' },
    手续费: `${yuan(fee)}000`,
    订单金额: yuan(total),
  });
  return { text, order: total, settled, refund: 0, fee };
}

function refundLine(
  order: LedgerOrder,
  payment: Payment,
  refund: LedgerRefund,
  { type, made }: BillOf,
): Line {
  const { refund_fee, created_at, ended_at, refund_status } = refund;
  const isEnded = ended_at !== undefined && ended_at < made;
  const fee = -feeOf(refund_fee);
  const text = write(type, {
    ...common(order, payment),
    交易时间: spellRefundTime(created_at),
    交易状态: 'REFUND',
    应结订单金额: '0.00',
    代金券金额: '0.00',
    退款申请时间: spellRefundTime(created_at),
    退款成功时间: isEnded && refund_status === 'SUCCESS' ? spellRefundTime(ended_at) : '',
    微信退款单号: refund.refund_id,
    商户退款单号: refund.out_refund_no,
    退款金额: yuan(refund_fee),
    退款类型: 'ORIGINAL',
    退款状态: REFUND_STATES[isEnded ? refund_status : 'PROCESSING'],
    手续费: `${yuan(fee)}000`,
    订单金额: '0.00',
    申请退款金额: yuan(refund_fee),
  });
  return { text, order: 0, settled: 0, refund: refund_fee, fee };
}

function common({ appid, mch_id, out_trade_no, parameters }: LedgerOrder, payment: Payment) {
  return {
    公众账号ID: appid,
    商户号: mch_id,
    特约商户号: '0',
    设备号: parameters.device_info ?? '',
    微信订单号: payment.transaction_id,
    商户订单号: out_trade_no,
    用户标识: parameters.openid ?? '',
    交易类型: 'JSAPI',
    付款银行: payment.bank_type,
    货币种类: 'CNY',
    充值券退款金额: '0.00',
    商品名称: parameters.body ?? '',
    商户数据包: parameters.attach ?? '',
    费率: '0.60%',
  };
}

function columnsOf(type: BillType): readonly Column[] {
  return COLUMNS.filter(({ only }) => only === undefined || only === type);
}

function write(type: BillType, values: Readonly<Record<string, string>>): string {
  return quoted(columnsOf(type).map(({ title }) => values[title] ?? ''));
}

function quoted(values: readonly string[]): string {
  return values.map((value) => `\`${value}`).join(',');
}

/** Rounded to a whole fen. */
function feeOf(fen: number): number {
  return Math.round((fen * RATE_PER_10000) / 10_000);
}

function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
