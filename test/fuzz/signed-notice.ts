import assert from 'node:assert/strict';
import fc from 'fast-check';
import { storedOrder } from '../../cloudfunctions/_shared/cloud/database/stores/stored-order.ts';
import { build } from '../../cloudfunctions/payNotify/build.ts';
import { readTime } from '../../scripts/local/wechatpay/spelling.ts';
import { type Message, writeXml } from '../../scripts/local/wechatpay/xml.ts';
import { inProcess } from '../cloud/databases.ts';
import { sampleOrder, WECHATPAY_FIELDS } from '../order/samples.ts';
import { fuzzedRuntime, KEY, MERCHANT, NOW, PREVIOUS_KEY } from './runtime.ts';
import { signByRule } from './wechat-rule.ts';

const TOTAL_FEE = '4800';

/** A payment of the order, as WeChat reports it. */
const payment = (order: { _id: string; _openid: string }): Message => ({
  ...{ return_code: 'SUCCESS', result_code: 'SUCCESS', ...MERCHANT, nonce_str: 'n0nce' },
  ...{ openid: order._openid, out_trade_no: order._id, transaction_id: '4200009999202701150000000001' },
  ...{ total_fee: TOTAL_FEE, cash_fee: TOTAL_FEE, bank_type: 'OTHERS', time_end: '20270115103000' },
});

const anyText = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .map((text) => text.replaceAll(/[\p{C}\r]/gu, ''));

/** One field that says something else; undefined leaves it out. */
const changed = (name: string, ...values: readonly string[]) =>
  fc
    .oneof(
      { weight: 6, arbitrary: fc.constantFrom<(string | undefined)[]>(undefined, '', ...values) },
      { weight: 1, arbitrary: anyText },
    )
    .map((value) => [name, value] as const);

const change = fc.oneof(
  changed('return_code', 'FAIL', 'success'),
  changed('result_code', 'FAIL', 'SUCCESS '),
  changed('appid', 'wx0000000000000000', MERCHANT.appid.toUpperCase()),
  changed('mch_id', '1900000001', `0${MERCHANT.mch_id}`),
  changed('nonce_str', 'another'),
  changed('openid', 'oSomebodyElse'),
  changed('out_trade_no', 'f'.repeat(32)),
  changed('total_fee', '1', '4799', '04800', '-4800', '4800.0', '4.8e3', '0x12c0', ' 4800', '9'.repeat(16)),
  changed('cash_fee', '0', '-1', '1.5'),
  changed('transaction_id', '1'),
  changed('time_end', '20270230103000', '2027', '20270115103000 '),
  changed('bank_type', 'CMC_DEBIT'),
  changed('trade_state', 'SUCCESS', 'REFUND', 'CLOSED', 'success'),
);
const changes = fc.array(change, { maxLength: 2 }).map((pairs) => Object.fromEntries(pairs));

/**
 * Whatever WeChat signs: an order is settled exactly when the notice says what a payment of this order says, by rules
 * that are written here a second time; the membership comes with it; and in every other case the order stays unpaid.
 */
export async function onlyItsPaymentSettlesAnOrder() {
  const { database, cloud } = await inProcess();
  const { world } = fuzzedRuntime();
  const main = build({ ...world, database: async () => database });
  const read = async (collection: string, id: string): Promise<Record<string, unknown> | undefined> =>
    Object((await database.get(collection, id)) ?? {});
  let count = 0;

  return fc.asyncProperty(
    changes,
    fc.constantFrom('MD5', 'HMAC-SHA256'),
    fc.constantFrom(KEY, KEY, KEY, PREVIOUS_KEY),
    async (said, by, key) => {
      const _id = (++count).toString(16).padStart(32, '0');
      const _openid = `oFuzz-${count}`;
      const order = sampleOrder({ _id, _openid, ...MERCHANT, created_at: NOW, total_fee: Number(TOTAL_FEE) });
      await cloud.insert('orders', storedOrder(order));
      const fields: Message = {};
      for (const [name, value] of Object.entries({ ...payment(order), ...said })) {
        if (value !== undefined) fields[name] = value;
      }
      const body = writeXml({ ...fields, sign: signByRule(fields, key, by) });
      const { statusCode } = await main({ httpMethod: 'POST', body });

      const after = await read('orders', _id);
      const user = await read('users', _openid);
      const isPaid = isPayment(fields, { _id, _openid }) && by === WECHATPAY_FIELDS.sign_type;
      assert.equal(after?.trade_state, isPaid ? 'SUCCESS' : 'NOTPAY');
      assert.equal(user?._id, isPaid ? _openid : undefined);
      if (isPaid) assert.equal(statusCode, 200);
      assert.equal(after?.total_fee, order.total_fee);
      assert.equal(after?.held === true && isPaid, false);
    },
  );
}

/** Every field of a payment is there, and is the order's. */
function isPayment(fields: Readonly<Message>, order: { _id: string; _openid: string }): boolean {
  const { return_code, result_code, appid, mch_id, nonce_str, trade_state = '' } = fields;
  const { total_fee = '', cash_fee = '', transaction_id, time_end = '', openid, out_trade_no } = fields;
  return (
    return_code === 'SUCCESS' &&
    result_code === 'SUCCESS' &&
    appid === MERCHANT.appid &&
    mch_id === MERCHANT.mch_id &&
    openid === order._openid &&
    out_trade_no === order._id &&
    /^\d{1,15}$/.test(total_fee) &&
    BigInt(total_fee) === BigInt(TOTAL_FEE) &&
    (cash_fee === '' || /^\d{1,15}$/.test(cash_fee)) &&
    readTime(time_end) !== undefined &&
    Boolean(nonce_str && transaction_id) &&
    ['', 'SUCCESS'].includes(trade_state)
  );
}
