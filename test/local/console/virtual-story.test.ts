import { expect, test } from 'vitest';
import { explain } from '../../../scripts/local/console/browser/story/explain.ts';
import type { Arrow, Mark, Row } from '../../../scripts/local/console/browser/story/row.ts';
import { storyOf } from '../../../scripts/local/console/browser/story/story.ts';
import type { ConsoleEvent } from '../../../scripts/local/console/wire.ts';
import { createWorld, NO, YES } from '../virtualpay/world.ts';

type World = ReturnType<typeof createWorld>;

/** What the console would be sent of a world's trace. */
function storyIn({ trace }: World): readonly Row[] {
  const events: ConsoleEvent[] = trace
    .since()
    .map(({ at, ...event }) => ({ ...event, at: at.toISOString(), offset: 0 }));
  return storyOf(events, { productNames: {} });
}

const isTold = (row: Row): row is Arrow | Mark => row.kind === 'arrow' || row.kind === 'mark';

function lines(world: World): string[] {
  return storyIn(world).map((row) => {
    if (row.kind === 'chapter') return `# ${row.title}`;
    if (row.kind === 'arrow') return `${row.from} > ${row.to} ${row.line}: ${row.label}`;
    return row.kind === 'mark' ? `(${row.sign}) ${row.label}` : row.kind;
  });
}

test('a purchase is drawn from the login to query_order', async () => {
  const world = createWorld();
  world.answering(async () => YES);
  await world.pay();
  await world.clock.advance(0);
  await world.query();
  expect(lines(world)).toEqual([
    'mini-program > wechatpay call: wx.login',
    'wechatpay > mini-program reply: code',
    'function > wechatpay call: code2Session',
    'wechatpay > function reply: openid，session_key',
    '# 付款',
    'mini-program > wechatpay call: requestVirtualPayment',
    '(change) 微信账本 有了这笔订单',
    '(shopper) 买家输入支付密码',
    '(change) 微信账本 已付款',
    'wechatpay > mini-program reply: requestVirtualPayment:ok，只是提示',
    '# 推送',
    'wechatpay > function call: 发货推送',
    'function > wechatpay reply: ErrCode 0，已发货',
    'function > wechatpay call: stable_token',
    'wechatpay > function reply: access_token',
    'function > wechatpay call: query_order',
    'wechatpay > function reply: status 4 已发货',
  ]);
});

test('events that are lost, refused and forged are seen as such, and counted', async () => {
  const world = createWorld();
  world.answering(async () => NO);
  world.virtualpay.faults.add({ kind: 'lose-event' });
  await world.pay();
  await world.clock.advance(2000);
  const { out_trade_no, openid, env, product_id, price } = world.virtualpay.orders()[0] ?? {};
  if (out_trade_no === undefined || openid === undefined || product_id === undefined)
    throw new Error('no order');
  await world.virtualpay.forgeEvent(
    { out_trade_no, openid, env: env ?? 0, product_id, price: price ?? 0 },
    'never paid',
  );
  expect(lines(world).slice(-6)).toEqual([
    '# 推送',
    'wechatpay > function lost: 发货推送',
    'wechatpay > function call: 发货推送 第 2 次',
    'function > wechatpay reply: ErrCode 1，还会重推',
    'wechatpay > function call: 伪造的推送：never paid',
    'function > wechatpay reply: ErrCode 1，不该相信它',
  ]);
});

test('a refusal says its number', async () => {
  const world = createWorld();
  await world.query();
  await world.open({ productId: 'unknown' });
  world.virtualpay.faults.add({ kind: 'lose-success' });
  await world.pay();
  const told = lines(world);
  expect(told).toContain('wechatpay > function reply: 268490002 数据不存在');
  expect(told).toContain('wechatpay > mini-program reply: -15010 fail PRODUCT_ID_NOT_EXIST');
  expect(told).toContain('wechatpay > mini-program lost: success');
});

test('the call under which message push reaches the function is no row of its own', () => {
  const push = {
    from: 'weixin',
    to: 'function',
    id: 'p',
    at: '2027-01-15T04:00:00.000Z',
    offset: 0,
  } as const;
  const label = 'xpay_goods_deliver_notify';
  const back = { ...push, from: 'function', to: 'weixin', kind: 'reply' } as const;
  const rows = storyOf(
    [
      { ...push, seq: 1, kind: 'call', label, payload: { OutTradeNo: 'a' } },
      { ...push, seq: 2, kind: 'call', label: 'virtualPayNotify', invocation: 'p' },
      { ...back, seq: 3, label: 'virtualPayNotify', invocation: 'p', payload: YES },
      { ...back, seq: 4, label, payload: YES },
    ],
    { productNames: {} },
  );
  expect(rows.filter(isTold).map((row) => row.label)).toEqual(['发货推送', 'ErrCode 0，已发货']);
});

test('every row of it is explained', async () => {
  const world = createWorld();
  await world.pay();
  await world.clock.advance(0);
  await world.query();
  const unexplained = storyIn(world)
    .filter(isTold)
    .filter(({ topic }) => explain(topic) === '')
    .map(({ label, topic }) => `${label}: ${topic}`);
  expect(unexplained).toEqual([]);
});
