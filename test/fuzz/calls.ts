import assert from 'node:assert/strict';
import fc from 'fast-check';
import { build as cancelOrder } from '../../cloudfunctions/cancelOrder/build.ts';
import { build as checkOrder } from '../../cloudfunctions/checkOrder/build.ts';
import { build as createOrder } from '../../cloudfunctions/createOrder/build.ts';
import { build as queryOrders } from '../../cloudfunctions/queryOrders/build.ts';
import { secretsIn } from '../security/secrets.ts';
import { fuzzedRuntime, KEY } from './runtime.ts';

const SECRETS = [{ name: 'the key', value: KEY }];

const value = fc.oneof(
  fc.constantFrom('city', 3, 4800, 'request-000000000001', '0'.repeat(32), { $ne: null }, NaN, -1, 1e308),
  fc.anything(),
);
const event = fc.oneof(
  fc.record(
    {
      request_id: value,
      product_id: value,
      months: value,
      expected_total_fee: value,
      out_trade_no: value,
      openid: value,
      userInfo: value,
    },
    { requiredKeys: [] },
  ),
  fc.anything(),
);
const context = fc.oneof(
  fc.constant('right'),
  fc.record(
    { environment: fc.oneof(fc.string(), fc.json(), fc.anything()), environ: fc.anything() },
    { requiredKeys: [] },
  ),
  fc.anything(),
);

/** Of those errors, the ones that a call without a database may be answered with. */
const ERRCODES = ['INVALID_PARAMETERS', 'OPENID_MISSING', 'INTERNAL_ERROR'];

/** Whatever a shopper sends, a function answers with a code of the contract, opens nothing for nonsense, and reveals no key. */
export function anyCallIsAnswered() {
  const { world, context: right, trail } = fuzzedRuntime('oShopper');
  const functions = [createOrder, checkOrder, cancelOrder].map((build) => build(world));
  return fc.asyncProperty(fc.constantFrom(...functions), event, context, async (main, sent, given) => {
    trail();
    const answer = await main(sent, given === 'right' ? right : given);
    const { lines, opened } = trail();
    assert.ok('errcode' in answer && ERRCODES.includes(answer.errcode), JSON.stringify(answer));
    assert.ok(answer.errmsg.length <= 1000 && !Number.isNaN(Date.parse(answer.now)));
    // Who calls is asked of the SDK where the context does not say, which is no database.
    if (answer.errcode === 'INVALID_PARAMETERS') assert.equal(opened, 0);
    assert.deepEqual(secretsIn(`${JSON.stringify(answer)} ${lines.join('\n')}`, SECRETS), []);
  });
}

/** Whatever names a shopper does not run the timer's function. */
export function noShopperRunsTheTimer() {
  const { world, context: right, trail } = fuzzedRuntime('oShopper');
  const main = queryOrders(world);
  return fc.asyncProperty(event, async (sent) => {
    trail();
    assert.deepEqual(await main(sent, right), { errcode: 'FORBIDDEN' });
    assert.deepEqual(trail(), { lines: [], opened: 0 });
  });
}
