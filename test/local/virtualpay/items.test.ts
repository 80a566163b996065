import { expect, test } from 'vitest';
import { createWorld, MINUTE_MS, SECOND_MS } from './world.ts';

const NEW = {
  id: 'market_3m_9800',
  name: '市场版 3 个月',
  price: 9800,
  remark: '一个市场内的所有城市',
  item_url: 'https://example.com/market.png',
};

type World = ReturnType<typeof createWorld>;
const upload = (world: World, upload_item: readonly object[] = [NEW], env = 0) =>
  world.xpay('start_upload_goods', { upload_item, env });
const publish = (world: World, id = NEW.id, env = 0) =>
  world.xpay('start_publish_goods', { publish_item: [{ id }], env });
const task = (world: World, kind: string, env = 0) => world.xpay(`query_${kind}_goods`, { env });

test('an item is uploaded, published, and can be bought ten minutes later', async () => {
  const world = createWorld();
  expect(await task(world, 'upload')).toMatchObject({ errcode: 0, status: 0 });
  expect(await upload(world)).toMatchObject({ errcode: 0 });
  expect(await task(world, 'upload')).toMatchObject({ status: 1, upload_item: [{ upload_status: 0 }] });
  await world.clock.advance(30 * SECOND_MS);
  expect(await task(world, 'upload')).toMatchObject({
    status: 3,
    upload_item: [{ ...NEW, upload_status: 2 }],
  });
  const buy = async (outTradeNo: string) => {
    const outcome = await world.open({ productId: NEW.id, goodsPrice: NEW.price, outTradeNo });
    return 'errCode' in outcome ? outcome.errCode : outcome.kind;
  };
  expect(await buy('attempt-1')).toBe(-15010);
  expect(await publish(world)).toMatchObject({ errcode: 0 });
  await world.clock.advance(30 * SECOND_MS);
  expect(await task(world, 'publish')).toMatchObject({ status: 3, publish_item: [{ publish_status: 2 }] });
  expect(await buy('attempt-2')).toBe(-15014);
  await world.clock.advance(10 * MINUTE_MS);
  expect(await buy('attempt-3')).toBe('shown');
});

test.each([
  ['two items', [NEW, { ...NEW, id: 'second' }], 268490002],
  ['none', [], 268490002],
  ['a long id', [{ ...NEW, id: 'a'.repeat(21) }], 268490002],
  ['a long name', [{ ...NEW, name: '市'.repeat(21) }], 268490002],
  ['no price', [{ ...NEW, price: 0 }], 268490002],
  ['a picture that is no address', [{ ...NEW, item_url: 'market.png' }], 268490002],
  ['unlawful words', [{ ...NEW, name: '违禁' }], 268490007],
])('an upload of %s is refused', async (_, items, errcode) => {
  const world = createWorld();
  expect(await upload(world, items)).toMatchObject({ errcode });
});

test('one task at a time, of either kind; the other environment has its own', async () => {
  const world = createWorld();
  await upload(world);
  expect(await upload(world, [{ ...NEW, id: 'second' }])).toMatchObject({ errcode: 268490012 });
  expect(await publish(world)).toMatchObject({ errcode: 268490012 });
  expect(await upload(world, [NEW], 1)).toMatchObject({ errcode: 0 });
});

test('an id that is there is not uploaded again, and keeps its price', async () => {
  const world = createWorld();
  await upload(world);
  await world.clock.advance(MINUTE_MS);
  await upload(world, [{ ...NEW, price: 1 }]);
  await world.clock.advance(MINUTE_MS);
  expect(await task(world, 'upload')).toMatchObject({ status: 2, upload_item: [{ upload_status: 1 }] });
  expect(world.virtualpay.items().find(({ id }) => id === NEW.id)?.price).toBe(9800);
});

test('an upload can fail once, as when the picture cannot be fetched', async () => {
  const world = createWorld();
  world.virtualpay.faults.add({ kind: 'fail-upload' });
  await upload(world);
  await world.clock.advance(MINUTE_MS);
  expect(await task(world, 'upload')).toMatchObject({ status: 2, upload_item: [{ upload_status: 3 }] });
  await upload(world);
  await world.clock.advance(MINUTE_MS);
  expect(await task(world, 'upload')).toMatchObject({ status: 3 });
});

test('what is unknown cannot be published, and what is published is published', async () => {
  const world = createWorld();
  await publish(world, 'unknown');
  await world.clock.advance(MINUTE_MS);
  expect(await task(world, 'publish')).toMatchObject({ status: 2, publish_item: [{ publish_status: 3 }] });
  await publish(world, 'city_1m_990');
  await world.clock.advance(MINUTE_MS);
  expect(await task(world, 'publish')).toMatchObject({ status: 2, publish_item: [{ publish_status: 1 }] });
});

test('an item can fail its review', async () => {
  const world = createWorld();
  await upload(world);
  await world.clock.advance(MINUTE_MS);
  world.virtualpay.faults.add({ kind: 'fail-review' });
  await publish(world);
  await world.clock.advance(20 * MINUTE_MS);
  expect(await world.open({ productId: NEW.id, goodsPrice: NEW.price })).toMatchObject({ errCode: -15018 });
});
