/**
 * Where a bill has what, by the titles of its first line: WeChat has added columns over the years, moved some, and each bill_type
 * has its own. Titles of one meaning stand from the newest to the oldest.
 */
const TITLES = [
  ['mch_id', ['商户号']],
  ['transaction_id', ['微信订单号']],
  ['out_trade_no', ['商户订单号']],
  ['trade_state', ['交易状态']],
  // What the order is about. 应结订单金额 is what the merchant is paid of it, which is another sum.
  ['total_fee', ['订单金额', '总金额']],
  ['out_refund_no', ['商户退款单号']],
  ['refund_fee', ['申请退款金额', '退款金额']],
  ['attach', ['商户数据包']],
  ['fee', ['手续费']],
] as const;

/** Free text, which may hold whatever parts the columns. */
const FREE_TEXT: readonly string[] = ['商品名称', '商户数据包'];

const REQUIRED: readonly ColumnName[] = ['out_trade_no', 'trade_state', 'total_fee'];

export type ColumnName = (typeof TITLES)[number][0];

/** The columns of one bill. */
export interface Columns {
  /** How many there are. */
  readonly count: number;
  /** The text of a column; undefined where the bill has none of that meaning, or the line leaves open where it ends. */
  read(fields: readonly string[], name: ColumnName): string | undefined;
}

/** The columns that the first line of a bill names. Undefined where a required one is missing: it is no bill. */
export function columnsOf(titles: readonly string[]): Columns | undefined {
  const places = new Map<ColumnName, number>();
  for (const [name, spellings] of TITLES) {
    const title = spellings.find((spelling) => titles.includes(spelling));
    if (title !== undefined) places.set(name, titles.indexOf(title));
  }
  if (!REQUIRED.every((name) => places.has(name))) return undefined;
  const free = FREE_TEXT.map((title) => titles.indexOf(title)).filter((place) => place >= 0);
  const firstFree = free.length > 0 ? Math.min(...free) : titles.length;
  const lastFree = free.length > 0 ? Math.max(...free) : titles.length;
  return {
    count: titles.length,
    read(fields, name) {
      const place = places.get(name);
      if (place === undefined) return undefined;
      // A product's name that holds what parts the columns makes more of them: what is before and behind it keeps its
      // distance from the line's beginning and end.
      const extra = fields.length - titles.length;
      if (extra === 0 || place < firstFree) return fields[place];
      return place > lastFree ? fields[place + extra] : undefined;
    },
  };
}
