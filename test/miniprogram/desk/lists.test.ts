import { describe, expect, test } from 'vitest';
import { alarmAnswerFrom, alarmsFrom } from '../../../miniprogram/desk/logic/alarm.ts';
import { showAlarms, withAlarms } from '../../../miniprogram/desk/logic/alarm-rows.ts';
import { showBills } from '../../../miniprogram/desk/logic/bill-rows.ts';
import { billsFrom } from '../../../miniprogram/desk/logic/bills.ts';
import { placeIn } from '../../../miniprogram/desk/logic/desk-order.ts';
import { alarm, NOW, OPERATOR } from './samples.ts';

const names = { [OPERATOR]: '小李' };

describe('alarms', () => {
  test('are open, or dealt with by somebody whose name is shown', () => {
    const done = alarm({ alarm_id: 'b', done_at: '2027-01-15T02:10:00.000Z', done_by: OPERATOR });
    const byTerminal = alarm({ alarm_id: 'c', done_at: '2027-01-14T02:10:00.000Z', done_by: '老板@laptop' });
    const read = alarmsFrom({ alarms: [alarm(), done, byTerminal, { code: 'x' }], names });
    const shown = showAlarms(read?.alarms ?? [], NOW);
    expect(shown.open).toMatchObject([{ title: '同一次购买付了两笔', about: '订单 …abcdef' }]);
    expect(shown.done.map((row) => row.done)).toEqual([
      '小李 今天 10:10 已处理',
      '老板@laptop 01.14 10:10 已处理',
    ]);
  });

  test('about something else than an order lead nowhere', () => {
    const [row] = showAlarms(
      alarmsFrom({ alarms: [alarm({ subject: 'SIGNERROR' })] })?.alarms ?? [],
      NOW,
    ).open;
    expect(row).toMatchObject({ about: 'SIGNERROR', out_trade_no: '' });
  });

  test('move from one list to the other when they are marked', () => {
    const known = alarmsFrom({ alarms: [alarm()], names })?.alarms ?? [];
    const marked = alarmAnswerFrom({
      alarm: alarm({ done_at: NOW.toISOString(), done_by: OPERATOR }),
      names,
    });
    const shown = showAlarms(withAlarms(known, marked ? [marked] : []), NOW);
    expect([shown.open.length, shown.done.length]).toEqual([0, 1]);
  });

  test.each([undefined, null, {}, { alarms: 'x' }])('are not in an answer of %j', (found) => {
    expect(alarmsFrom(found)).toBeUndefined();
  });
});

test('the place of the next page goes back as it came', () => {
  const place = { at: NOW.toISOString(), after_id: 'x', done: true };
  expect(placeIn(place)).toEqual(place);
  expect(placeIn({ at: NOW.toISOString() })).toEqual({ at: NOW.toISOString() });
  expect(placeIn({ at: 'never' })).toBeUndefined();
});

describe('bills', () => {
  const bill = (change: object = {}) => ({
    channel: 'wechatpay',
    bill_date: '20270114',
    state: 'DONE',
    payments: { count: 12, fee: 57_600 },
    refunds: { count: 1, fee: 1600 },
    fees: 336,
    differences: { repaired: 0, alarmed: 0, others: 0 },
    details: [],
    ...change,
  });
  const rows = (...bills: object[]) =>
    showBills(billsFrom({ bills })?.bills ?? []).flatMap((month) => month.rows);

  test('say of each day what came in, what went back and what is left', () => {
    expect(rows(bill())).toMatchObject([
      {
        ...{
          title: '1 月 14 日 周四',
          about: '收款 12 笔 · 退款 1 笔',
          fen: 57_600,
          state: '一致',
          look: 'same',
        },
        cells: [
          { label: '收款 12 笔', value: '¥576.00' },
          { label: '退款 1 笔', value: '¥16.00' },
          { label: '手续费', value: '¥3.36' },
          { label: '净收入', value: '¥556.64' },
        ],
      },
    ]);
  });

  test.each([
    [{ state: 'OPEN' }, '对账中', 'wait'],
    [{ differences: { repaired: 2, alarmed: 0, others: 9 } }, '已补记 2 笔', 'mended'],
    [{ differences: { repaired: 2, alarmed: 1, others: 0 } }, '1 处待核对', 'bad'],
    [{ state: 'OPEN', differences: { repaired: 0, alarmed: 1, others: 0 } }, '1 处待核对', 'bad'],
  ])('are as they are: %j', (change, state, look) => {
    expect(rows(bill(change))).toMatchObject([{ state, look }]);
  });

  test('lead to the orders in which they differ', () => {
    const details = [{ kind: 'repaired', out_trade_no: 'a'.repeat(32), fee: 4800 }];
    expect(rows(bill({ details }))[0]?.details).toMatchObject([
      { out_trade_no: 'a'.repeat(32), label: '已补记 · 订单 …aaaaaa', value: '¥48.00' },
    ]);
  });

  test('lie under their month, of one day WeChat Pay’s first, and one that cannot be read among them', () => {
    const months = showBills(
      billsFrom({
        bills: [
          bill({ channel: 'virtualpay', fees: -5 }),
          bill(),
          { unreadable: 'wechatpay:20270113' },
          bill({ bill_date: '20261231' }),
        ],
      })?.bills ?? [],
    );
    expect(months.map(({ name, rows: { length } }) => [name, length])).toEqual([
      ['2027 年 1 月', 3],
      ['2026 年 12 月', 1],
    ]);
    expect(months[0]?.rows.map(({ title }) => title)).toEqual([
      '1 月 14 日 周四',
      '1 月 14 日 周四 · 虚拟支付',
      '无法读取的账单',
    ]);
    expect(months[0]?.rows[1]?.cells[2]).toEqual({ label: '手续费', value: '-¥0.05' });
  });

  test.each([undefined, null, {}, { bills: {} }])('are not in an answer of %j', (found) => {
    expect(billsFrom(found)).toBeUndefined();
  });
});
