import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit, auditEnd, type Remains } from './audit.ts';
import { type CrashResult, crashRounds } from './rounds.ts';

let dataDirectory: string;
let result: CrashResult;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'crash-'));
  result = await crashRounds({ seed: 1, rounds: 1, purchases: 12, dataDirectory });
}, 180_000);
afterAll(() => rm(dataDirectory, { recursive: true, force: true }));

test('a round of purchases in a world that is killed twice: nothing is lost, nothing is there twice', () => {
  const { findings, endings, worldsKilled, acknowledged, complaints } = result;
  expect(findings).toEqual([]);
  expect(complaints).toBe('');
  expect(worldsKilled).toBe(2);
  expect(endings.paid).toBeGreaterThan(0);
  expect(acknowledged.granted.size).toBeGreaterThan(0);
});

describe('it can fail:', () => {
  /** A paid order whose payment and grant were acknowledged. */
  const anOrder = () => {
    const [id = ''] = [...result.acknowledged.granted.keys()].filter((key) =>
      result.acknowledged.paid.has(key),
    );
    const order = result.remains.books.orders.get(id);
    if (!order) throw new Error('The round has a payment that was acknowledged.');
    return order;
  };
  const found = (change: Partial<Remains['books']> & { ledger?: Remains['ledger'] }) => {
    const { ledger = result.remains.ledger, ...books } = change;
    const remains = { ...result.remains, ledger, books: { ...mapsOf(result.remains), ...books } };
    return [...audit(remains, result.acknowledged), ...auditEnd(remains, { minutes: 1 })].join('\n');
  };

  test.each([
    [
      'an order is gone',
      () => ({ orders: without(result.remains.books.orders, anOrder().out_trade_no) }),
      'acknowledged and lost: order',
    ],
    [
      'WeChat forgot a payment',
      () => ({ ledger: without(result.remains.ledger, anOrder().out_trade_no) }),
      'the payment of',
    ],
    ['a settlement is gone', () => ({ orders: changed({ trade_state: 'NOTPAY' }) }), 'is SUCCESS'],
    ['an order does not end', () => ({ orders: changed({ trade_state: 'NOTPAY' }) }), 'every order ends'],
    ['a grant came twice', () => ({ memberships: moved(31) }), 'granted once'],
    [
      'a grant is too long',
      () => ({ orders: changed({ expires_at: anOrder().expires_at + 400 * DAY_MS }) }),
      'granted correctly',
    ],
    [
      'a grant never came',
      () => ({ memberships: without(result.remains.books.memberships, anOrder().openid) }),
      'holds nothing',
    ],
    ['an order costs something else', () => ({ orders: changed({ total_fee: 1 }) }), 'catalogue price'],
  ] as const)('%s', (_, change, finding) => {
    expect(found({})).toBe('');
    expect(found(change())).toContain(finding);
  });

  const DAY_MS = 24 * 3_600_000;
  const changed = (change: object) =>
    new Map(result.remains.books.orders).set(anOrder().out_trade_no, { ...anOrder(), ...change });
  const moved = (days: number) => {
    const { openid, product_id, expires_at } = anOrder();
    const memberships = new Map(result.remains.books.memberships.get(openid));
    return new Map(result.remains.books.memberships).set(
      openid,
      memberships.set(product_id, expires_at + days * DAY_MS),
    );
  };
});

function mapsOf({ books: { orders, memberships, alarms } }: Remains): Remains['books'] {
  return { orders, memberships, alarms };
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): Map<string, Value> {
  return new Map([...map].filter(([other]) => other !== key));
}
