import { expect, test } from 'vitest';
import { BrokenConnection } from '../../../scripts/local/calls.ts';
import { ERRORS, type ErrCode } from '../../../scripts/local/wechatpay/errors.ts';
import { createWorld, MERCHANT, MINUTE_MS, OUT_TRADE_NO, PAYER } from './world.ts';

const ERR_CODES = Object.keys(ERRORS) as readonly ErrCode[];

const exists = ({ wechatpay }: ReturnType<typeof createWorld>) =>
  wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO) !== undefined;

test.each([
  ['before', false],
  ['after', true],
] as const)('SYSTEMERROR %s the work: the order exists: %s', async (when, done) => {
  const world = createWorld();
  world.wechatpay.faults.add({ kind: 'refuse', err_code: 'SYSTEMERROR', when });
  expect(await world.order()).toMatchObject({
    return_code: 'SUCCESS',
    result_code: 'FAIL',
    err_code: 'SYSTEMERROR',
  });
  expect(exists(world)).toBe(done);
  expect((await world.order()).result_code).toBe('SUCCESS');
});

test.each([
  ['before', false],
  ['after', true],
] as const)('a connection that breaks %s the work: the order exists: %s', async (when, done) => {
  const world = createWorld();
  world.wechatpay.faults.add({ kind: 'break', when });
  await expect(world.order()).rejects.toThrow(BrokenConnection);
  expect(exists(world)).toBe(done);
  expect(world.trace.since().at(-1)).toMatchObject({ kind: 'lost', label: '/pay/unifiedorder' });
});

test('only a connection that was used before is reset, and the work is not done', async () => {
  const world = createWorld();
  world.wechatpay.faults.add({ kind: 'reset' });
  const call = (isReused: boolean) =>
    world.wechatpay.handle('/pay/unifiedorder', 'POST', Buffer.from(''), { isReused });
  expect((await call(false)).status).toBe(200);
  await expect(call(true)).rejects.toThrow(BrokenConnection);
  expect((await call(true)).status).toBe(200);
});

test.each(ERR_CODES)('%s can be asked for, at the level at which it was seen', async (err_code) => {
  const world = createWorld();
  world.wechatpay.faults.add({ kind: 'refuse', err_code });
  const { how, text } = ERRORS[err_code];
  const answer = await world.order();
  if (how === 'return_msg') expect({ ...answer }).toEqual({ return_code: 'FAIL', return_msg: text });
  else
    expect(answer).toMatchObject({
      return_code: 'SUCCESS',
      result_code: 'FAIL',
      err_code,
      err_code_des: text,
    });
  expect('sign' in answer).toBe(how === 'err_code');
});

test('a code can be asked for as often as wanted, of one API', async () => {
  const world = createWorld();
  await world.order();
  world.wechatpay.faults.add({
    kind: 'refuse',
    err_code: 'FREQUENCY_LIMITED',
    path: '/pay/orderquery',
    count: 2,
  });
  const codes = [];
  for (let time = 0; time < 3; time++) codes.push((await world.query()).err_code);
  expect((await world.order()).result_code).toBe('SUCCESS');
  expect(codes).toEqual(['FREQUENCY_LIMITED', 'FREQUENCY_LIMITED', undefined]);
});

test("slow: the answer waits for the local world's clock", async () => {
  const world = createWorld();
  world.wechatpay.faults.add({ kind: 'slow', ms: MINUTE_MS });
  let answered = false;
  const call = world.order().then(() => (answered = true));
  await world.clock.advance(MINUTE_MS - 1);
  expect(answered).toBe(false);
  await world.clock.advance(1);
  await call;
  expect(answered).toBe(true);
});

test('a payment that is to fail fails once, then goes through', async () => {
  const world = createWorld();
  const payment = world.payment(await world.order());
  world.wechatpay.faults.add({ kind: 'fail-payment', err_code: 'NOTENOUGH' });
  const answers = [1, 2].map(() => world.wechatpay.cashier.pay(payment, PAYER).errMsg);
  expect(answers).toEqual(['requestPayment:fail 余额不足', 'requestPayment:ok']);
});

test('hooks run around the work of the API they name, and only until taken back', async () => {
  const world = createWorld();
  const seen: string[] = [];
  const note = (when: 'before' | 'after') =>
    world.wechatpay.hook({
      when,
      path: '/pay/unifiedorder',
      run: ({ out_trade_no }) => seen.push(`${when} ${out_trade_no}, exists: ${exists(world)}`),
    });
  const takeBack = [note('before'), note('after')];
  await world.query();
  await world.order();
  for (const stop of takeBack) stop();
  await world.order();
  expect(seen).toEqual([`before ${OUT_TRADE_NO}, exists: false`, `after ${OUT_TRADE_NO}, exists: true`]);
});

test('the work waits for a hook', async () => {
  const world = createWorld();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  world.wechatpay.hook({ when: 'before', run: () => held });
  const call = world.order();
  await new Promise(setImmediate);
  expect(exists(world)).toBe(false);
  release();
  expect((await call).result_code).toBe('SUCCESS');
});
