import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BillPart, type BillRow, readBill } from '../../cloudfunctions/_shared/wechatpay/bill.ts';
import { countOf, fenOf, thousandthsOfFen } from '../../cloudfunctions/_shared/wechatpay/bill-amount.ts';
import { LINE_BYTES_MAX } from '../../cloudfunctions/_shared/wechatpay/bill-lines.ts';
import { unpacked } from '../../cloudfunctions/_shared/wechatpay/unpack.ts';
import { vectors } from './vectors.ts';

const MCH_ID = '1921000401';
const TITLES =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const SUMS = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

async function read(text: string | Buffer | readonly Buffer[], mch_id = MCH_ID): Promise<BillPart[]> {
  const chunks = typeof text === 'string' ? [Buffer.from(text)] : Buffer.isBuffer(text) ? [text] : text;
  const parts: BillPart[] = [];
  for await (const piece of readBill(chunks, mch_id)) parts.push(...piece);
  return parts;
}

interface Told {
  readonly no?: string;
  readonly state?: string;
  readonly fee?: string;
  readonly settled?: string;
  readonly refund?: string;
  readonly refundNo?: string;
  readonly name?: string;
  readonly attach?: string;
  readonly poundage?: string;
  readonly mch_id?: string;
}

function line({
  no = 'autotest_20190219015232_89201',
  state = 'SUCCESS',
  fee = '0.03',
  settled = fee,
  refund = '0.00',
  refundNo = '0',
  name = '会员',
  attach = 'shop-1',
  poundage = '0.00000',
  mch_id = MCH_ID,
}: Told = {}): string {
  const values = [
    ...['2019-02-19 01:52:32', 'wxab8acd895ab1638a', mch_id, '0', '', '4200000263201902167700134902', no],
    ...['oHkLxtx0vUqe-18p_AXTZ1innxkCY', 'JSAPI', state, 'OTHERS', 'CNY', settled, '0.00', '0', refundNo],
    ...[refund, '0.00', '', '', name, attach, poundage, '0.60%', fee, refund, ''],
  ];
  return values.map((value) => `\`${value}`).join(',');
}

function bill(lines: readonly string[], sums: readonly string[] | undefined): string {
  const last = sums ? [SUMS, sums.map((sum) => `\`${sum}`).join(',')] : [];
  return [TITLES, ...lines, ...last, ''].join('\r\n');
}

/** The sums of lines as `line` writes them. */
const sumsOf = (count: number, fee: string, refund = '0.00') => [
  String(count),
  ...['0.00', refund, '0.00', '0.00000', fee, refund],
];

describe('an amount in yuan is read by its digits', () => {
  test.each([
    ['0.03', 3],
    ['0.29', 29],
    ['1.15', 115],
    ['0', 0],
    ['45.0', 4500],
    ['999999999.99', 99_999_999_999],
  ])('%s yuan is %d fen', (text, fen) => expect(fenOf(text)).toBe(fen));

  test.each([
    '',
    '1e3',
    'NaN',
    '-0.01',
    '0.001',
    '1.',
    '.5',
    '+1',
    '0x10',
    '1,00',
    ' 1',
    '１',
    'Infinity',
    '=1+1',
    '9'.repeat(10),
    '`1',
  ])('%j is none', (text) => expect(fenOf(text)).toBeUndefined());

  test('fees have five decimals, and may be below nothing', () => {
    expect(thousandthsOfFen('0.04000')).toBe(4000);
    expect(thousandthsOfFen('-0.02000')).toBe(-2000);
    expect(thousandthsOfFen('0.00001')).toBe(1);
    expect(thousandthsOfFen('-0.00000')).toBe(0);
    expect(thousandthsOfFen('0.000001')).toBeUndefined();
  });

  test('a count may have a decimal that says nothing', () => {
    expect([countOf('48'), countOf('45.0'), countOf('45.5'), countOf('-1')]).toEqual([
      48,
      45,
      undefined,
      undefined,
    ]);
  });

  test('every whole number of fen comes back from its yuan', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (fen) => {
        const text = `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
        expect(fenOf(text)).toBe(fen);
      }),
    );
  });
});

describe('published bills', () => {
  const csv = (id: string) => vectors.bill.find((each) => each.id === id)?.csv ?? '';

  test('with a byte order mark, line breaks of two characters and lines in no order', async () => {
    const parts = await read(csv('bill-all-real-shape'));
    const rows = parts.filter((part): part is BillRow => 'out_trade_no' in part);
    expect(rows.map(({ kind, total_fee, refund_fee }) => [kind, total_fee, refund_fee])).toEqual([
      ['refund', 0, 1],
      ['refund', 0, 1],
      ['payment', 3, 0],
      ['payment', 1, 0],
      ['payment', 1, 0],
    ]);
    expect(rows[0]).toEqual({
      ...{ kind: 'refund', line: 2, out_trade_no: 'autotest_20190216081946_82335', total_fee: 0, fee: 0 },
      ...{ transaction_id: '4200000263201902167700134212', attach: '', refund_fee: 1 },
      out_refund_no: 'REF4200000263201902167700963919',
    });
    expect(rows[2]?.fee).toBe(1000);
    // An excerpt of 48 lines: the sums are of all of them.
    expect(parts.at(-1)).toEqual({
      kind: 'not-whole',
      problem: 'its last line counts 45 lines, and it has 5',
    });
  });

  test.each([
    [
      'bill-all_content',
      { kind: 'payment', total_fee: 600, refund_fee: 0, fee: 4000, attach: 'XXXXXXX' },
      48,
    ],
    ['bill-refund_content', { kind: 'refund', total_fee: 0, refund_fee: 1, fee: 0, attach: 'xxxx' }, 4],
  ])('%s', async (id, row, count) => {
    const text = csv(id);
    const [first, last, ...more] = await read(text, /`(xxx|XXXXXXXX),/.exec(text)?.[1]);
    expect(first).toMatchObject(row);
    expect(last).toMatchObject({ problem: `its last line counts ${count} lines, and it has 1` });
    expect(more).toEqual([]);
  });

  test('of 2017, with other titles', async () => {
    const titles =
      '交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,企业红包金额,微信退款单号,商户退款单号,退款金额,企业红包退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率';
    const row = `\`2017-02-19 01:52:32,\`wx1,\`${MCH_ID},\`0,\`,\`42,\`autotest_1,\`o1,\`JSAPI,\`SUCCESS,\`CFT,\`CNY,\`1.15,\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`会员,\`,\`0.01000,\`0.60%`;
    const sums =
      '总交易单数,总交易额,总退款金额,总企业红包退款金额,手续费总金额\n`1,`1.15,`0.00,`0.00,`0.01000\n';
    expect(await read(`${titles}\n${row}\n${sums}`)).toMatchObject([{ kind: 'payment', total_fee: 115 }]);
  });
});

test('a whole bill says no more than its lines', async () => {
  const lines = [line(), line({ state: 'REFUND', fee: '0.00', refund: '0.02', refundNo: 'r-1' })];
  const parts = await read(bill(lines, sumsOf(2, '0.03', '0.02')));
  expect(parts.map(({ kind }) => kind)).toEqual(['payment', 'refund']);
});

test('the sum of the order is read, and not what the merchant is paid of it', async () => {
  const [row] = await read(bill([line({ fee: '6.00', settled: '5.76' })], sumsOf(1, '6.00')));
  expect(row).toMatchObject({ total_fee: 600 });
});

test('another merchant’s line, and a word that is not documented, are neither payment nor refund', async () => {
  const lines = [line({ mch_id: '1900000109' }), line({ state: 'REVOKED' })];
  expect(await read(bill(lines, sumsOf(2, '0.06')))).toMatchObject([{ kind: 'foreign' }, { kind: 'other' }]);
});

describe('text in a line moves no amount', () => {
  test.each([
    ['a comma', '会员, 一个月'],
    ['a comma and a backtick', '会员,`SUCCESS,`99.00'],
    ['quotes and a formula', '"=HYPERLINK(1)"'],
    ['backticks', '``会`员`'],
    ['nothing', ''],
  ])('%s', async (_, name) => {
    const [row, ...more] = await read(bill([line({ name })], sumsOf(1, '0.03')));
    expect(row).toMatchObject({ kind: 'payment', total_fee: 3, refund_fee: 0, fee: 0 });
    expect(more).toEqual([]);
  });

  test('where a name makes more columns, nobody knows which of them is the attach', async () => {
    const [row] = await read(bill([line({ name: 'a,`b' })], sumsOf(1, '0.03')));
    expect(row).toMatchObject({ attach: undefined });
    expect(await read(bill([line({ name: 'a,b' })], sumsOf(1, '0.03')))).toMatchObject([
      { attach: 'shop-1' },
    ]);
  });
});

describe('a line that cannot be read is reported by its number, and the bill goes on', () => {
  test.each([
    ['1e3', line({ fee: '1e3' }), 'has no amount of the order'],
    ['NaN', line({ fee: 'NaN' }), 'has no amount of the order'],
    ['a negative amount', line({ fee: '-5.00' }), 'has no amount of the order'],
    ['a tenth of a fen', line({ fee: '0.001' }), 'has no amount of the order'],
    ['a refund of no number', line({ refund: '1e1' }), 'has no amount of the refund'],
    ['a formula', line({ no: '=1+1' }), 'has no out_trade_no'],
    ['no number', line({ no: '' }), 'has no out_trade_no'],
    ['a refund without its number', line({ state: 'REFUND', refundNo: '' }), 'has no out_refund_no'],
    ['a fee in words', line({ poundage: 'free' }), 'has no fee'],
    ['too few values', '`2019-02-19,`x', 'has 2 values, and the bill 27 columns'],
    ['no backtick', 'hello', 'has no backtick at its beginning'],
    ['an enormous line', `\`${'x'.repeat(LINE_BYTES_MAX)}`, 'is too long'],
    ['an enormous line without an end in its piece', `\`${'x'.repeat(300_000)}`, 'is too long'],
  ])('%s', async (_, bad, problem) => {
    const parts = await read(bill([line(), bad, line({ no: 'autotest_2' })], sumsOf(3, '0.06')));
    expect(parts).toMatchObject([
      { kind: 'payment' },
      { kind: 'bad-line', line: 3, problem },
      { kind: 'payment', line: 4 },
    ]);
  });

  test('a line break in a name', async () => {
    const parts = await read(bill([line({ name: 'a\nb' }), line({ no: 'autotest_2' })], sumsOf(2, '0.06')));
    expect(parts.map(({ kind }) => kind)).toEqual(['bad-line', 'bad-line', 'payment']);
  });

  test('sums in the middle, which some name holds, are not the end', async () => {
    const lines = [`${SUMS}\n\`0,\`0.00,\`0.00,\`0.00,\`0.00,\`0.00,\`0.00`, line()];
    const parts = await read(bill(lines, sumsOf(1, '0.03')));
    expect(parts).toMatchObject([{ kind: 'bad-line', line: 2 }, { kind: 'payment' }]);
  });
});

describe('a bill that is not whole says so', () => {
  test.each([
    ['nothing', '', 'it is empty'],
    ['a web page', '<html>\n<body>502</body>\n</html>', 'its first line does not name the columns of a bill'],
    [
      'titles without an amount',
      '商户订单号,交易状态,应结订单金额\n',
      'its first line does not name the columns of a bill',
    ],
    ['cut short', bill([line()], undefined), 'it ends without its sums'],
    ['cut within its sums', `${TITLES}\n${line()}\n${SUMS}\n`, 'it ends without its sums'],
    ['a line missing', bill([line()], sumsOf(2, '0.06')), 'its last line counts 2 lines, and it has 1'],
    ['another sum', bill([line()], sumsOf(1, '0.04')), 'total_fee comes to 3 fen, and its last line says 4'],
    ['a sum of no number', bill([line()], sumsOf(1, 'NaN')), 'total_fee in its last line is no amount'],
  ])('%s', async (_, text, problem) => {
    expect((await read(text)).at(-1)).toEqual({ kind: 'not-whole', problem });
  });
});

test('however a bill is cut into pieces, it reads the same', async () => {
  const text = Buffer.from(
    `\uFEFF${bill([line(), line({ no: 'autotest_2', name: '中文，名称' })], sumsOf(2, '0.06'))}`,
  );
  const whole = await read(text);
  expect(whole).toHaveLength(2);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const pieces = at.slice(1).map((end, n) => text.subarray(at[n], end));
      expect(await read(pieces)).toEqual(whole);
    }),
  );
});

test('no text whatsoever makes the reader fail', async () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('1e3', '=1', '`', ',`', '\n', '0.01', 'SUCCESS', 'REFUND', SUMS),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 30 }), { maxLength: 20 }), async (lines) => {
      const text = [TITLES, ...lines.map((cells) => `\`${cells.join(',`')}`)].join('\n');
      for (const part of await read(text)) expect(part).toHaveProperty('kind');
    }),
  );
});

describe('packed by gzip', () => {
  const unpack = async (body: Buffer) => {
    const pieces: Buffer[] = [];
    for await (const piece of unpacked(body)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  /** Bytes that nothing makes smaller, the same each time. */
  const noise = (bytes: number) => {
    const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, n) =>
      createHash('sha256').update(String(n)).digest(),
    );
    return Buffer.concat(blocks).subarray(0, bytes);
  };

  test.each([1, 1_000_000])('%d bytes', async (bytes) => {
    const text = noise(bytes);
    expect((await unpack(gzipSync(text))).equals(text)).toBe(true);
    expect((await unpack(text)).equals(text)).toBe(true);
  });

  test('what is cut short, damaged or a bomb is refused', async () => {
    const small = gzipSync(noise(10_000));
    const large = gzipSync(noise(900_000));
    const damaged = Buffer.from(small).fill(0, 5000, 5100);
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    for (const body of [small.subarray(0, -9), large.subarray(0, -9), damaged, bomb]) {
      await expect(unpack(body)).rejects.toMatchObject({ code: 'BILL_REFUSED' });
    }
  });
});
