import { countOf, fenOf } from './bill-amount.ts';

/** What the lines of a bill come to. Sums are in fen. */
export interface Totals {
  count: number;
  total_fee: number;
  refund_fee: number;
}

/** The titles by which a bill's last line names these sums, from the newest to the oldest. */
const SUMS = [
  ['total_fee', ['订单总金额', '总交易额']],
  ['refund_fee', ['申请退款总金额', '总退款金额']],
] as const;

/** How the line begins that names the sums. */
export const SUMMARY_BEGINS = '总交易单数';

/** Why a bill's last line does not say what its lines come to; undefined where it does. */
export function problemOfSummary(
  titles: readonly string[],
  fields: readonly string[],
  totals: Readonly<Totals>,
): string | undefined {
  const textUnder = (names: readonly string[]) => {
    const place = titles.findIndex((title) => names.includes(title));
    return place < 0 ? undefined : (fields[place] ?? '');
  };
  const count = countOf(textUnder([SUMMARY_BEGINS]) ?? '');
  if (count === undefined) return 'its last line does not say how many lines it has';
  if (count !== totals.count) return `its last line counts ${count} lines, and it has ${totals.count}`;
  for (const [name, names] of SUMS) {
    const text = textUnder(names);
    if (text === undefined) continue;
    const sum = fenOf(text);
    if (sum === undefined) return `${name} in its last line is no amount`;
    if (sum !== totals[name]) return `${name} comes to ${totals[name]} fen, and its last line says ${sum}`;
  }
  return undefined;
}
