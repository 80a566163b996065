import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { WorldClock } from '../../scripts/local/clock.ts';
import { type LocalWorld, startLocalWorld, type WorldOptions } from '../../scripts/local/local-world.ts';
import { playScenario, SCENARIOS, type ScenarioName } from '../../scripts/local/scenarios/scenarios.ts';

/** Half past ten in the morning in Beijing. */
const BIRTH_MS = Date.UTC(2027, 0, 15, 2, 30);
const ending: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function begin(name: ScenarioName, options: WorldOptions = {}): Promise<LocalWorld> {
  const clock = new WorldClock({ source: () => BIRTH_MS });
  const world = await startLocalWorld({ clock, onWarning: () => {}, ...options });
  ending.push(() => world.close());
  await playScenario(world, name);
  return world;
}

const one = (world: LocalWorld, collection: string) => {
  const documents = world.cloud.documents(collection);
  expect(documents).toHaveLength(1);
  return documents[0];
};

describe('a scenario ends as its title says', () => {
  test('unpaid-order', async () => {
    expect(one(await begin('unpaid-order'), 'orders')).toMatchObject({ trade_state: 'NOTPAY' });
  });

  test('lost-notice: WeChat has the money, and the timer finds it', async () => {
    const world = await begin('lost-notice');
    expect(one(world, 'orders')).toMatchObject({ trade_state: 'NOTPAY' });
    expect(world.wechatpay.orders()).toMatchObject([{ trade_state: 'SUCCESS' }]);
    await world.clock.advance(5 * 60_000);
    expect(one(world, 'orders')).toMatchObject({ trade_state: 'SUCCESS' });
  });

  test('lost-notice of virtual payment as well', async () => {
    const world = await begin('lost-notice', { sellsBy: 'virtualpay' });
    expect(one(world, 'orders')).toMatchObject({ trade_state: 'NOTPAY', channel: 'virtualpay' });
    expect(world.virtualpay.orders()[0]?.payment).toBeDefined();
    await world.clock.advance(5 * 60_000);
    expect(one(world, 'orders')).toMatchObject({ trade_state: 'SUCCESS' });
  });

  test('member', async () => {
    const world = await begin('member');
    expect(endOf(world, 'city')?.toISOString()).toMatch(/^2027-04-15T02:30:00/);
  });

  test('expired-membership', async () => {
    const world = await begin('expired-membership');
    expect(endOf(world, 'city')?.getTime()).toBeLessThan(world.clock.now().getTime());
  });

  test('refund-under-way, which ends by itself', async () => {
    const world = await begin('refund-under-way');
    expect(one(world, 'refunds')).toMatchObject({ state: 'PROCESSING', refund_fee: 1000 });
    await world.clock.advance(24 * 3_600_000);
    expect(one(world, 'refunds')).toMatchObject({ state: 'SUCCESS' });
  });

  test('held-order', async () => {
    const world = await begin('held-order');
    expect(one(world, 'orders')).toMatchObject({ trade_state: 'NOTPAY', held: true });
    expect(one(world, 'alarms')).toMatchObject({ code: 'AMOUNT_MISMATCH' });
  });
});

test('every file of a scenario is in the table, and its name is the file’s', () => {
  const files = readdirSync(new URL('../../scripts/local/scenarios/', import.meta.url));
  const names = files.map((file) => file.replace('.ts', ''));
  const others = ['scenario', 'scenarios', 'purchase'];
  expect(Object.keys(SCENARIOS).toSorted()).toEqual(
    names.filter((name) => !others.includes(name)).toSorted(),
  );
});

test('a world that has orders is not played over', async () => {
  const world = await begin('member');
  await expect(playScenario(world, 'unpaid-order')).rejects.toThrow('begins in a new world');
});

test('a seed makes the same numbers again, and another seed others', async () => {
  const numberOf = async (seed: number) => (await begin('member', { seed })).wechatpay.orders()[0]?.payment;
  const [first, again, other] = [await numberOf(7), await numberOf(7), await numberOf(8)];
  expect(first).toBeDefined();
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

function endOf({ cloud }: LocalWorld, product_id: string): Date | undefined {
  const memberships: Record<string, { expires_at?: Date }> = Object(cloud.documents('users')[0]?.memberships);
  return memberships[product_id]?.expires_at;
}
