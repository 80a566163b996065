import { openPorts } from '../../order/ports.ts';
import { later, sampleOrder } from '../../order/samples.ts';
import { medianOf, shuffled } from '../ratios.ts';
import type { Look, Row } from '../row.ts';

const MANY = 100_000;
const FEW = 1000;
const ROUNDS = 60;
const SHOPPERS = 500;

/** What the local database takes with many orders in it, beside few: its indexes must make that the same. */
export const database: Look = {
  name: 'database',
  async look(scale) {
    const many = Math.max(FEW, Math.ceil(MANY * scale));
    const [small, large] = [await filled(FEW), await filled(many)];
    try {
      const rows: Row[] = [];
      for (const [what, pick] of [
        ['the orders of a shopper', 'mine'],
        ['what is due, five orders', 'due'],
      ] as const) {
        const costs = { small: [] as number[], large: [] as number[] };
        for (let round = 0; round < ROUNDS; round++) {
          for (const side of shuffled(['small', 'large'] as const)) {
            const began = performance.now();
            await { small, large }[side][pick]();
            costs[side].push(performance.now() - began);
          }
        }
        const [less, more] = [medianOf(costs.small), medianOf(costs.large)];
        rows.push({
          what: `${what}, among ${many} in the local database`,
          peer: `the same among ${FEW}`,
          measured: more / less,
          goal: 1.5,
          isLeast: false,
          unit: '×',
          seen: `${more.toFixed(2)} ms beside ${less.toFixed(2)} ms`,
        });
      }
      return rows;
    } finally {
      await Promise.all([small.close(), large.close()]);
    }
  },
};

/** Orders of 500 shoppers, all settled but five that are due. */
async function filled(count: number) {
  const opened = await openPorts();
  const shopper = (n: number) => `oShopper-${n % SHOPPERS}`;
  const of = (n: number) => ({ _id: String(n).padStart(32, '0'), _openid: shopper(n), created_at: later(n) });
  for (let n = 0; n < count; n++) {
    const due = n < 5 ? {} : ({ trade_state: 'CLOSED', next_query_at: null } as const);
    // A shopper has twenty orders, however many there are: what is measured is the way to them.
    const _openid = n < 20 ? 'oShopper-measured' : shopper(n);
    await opened.add(sampleOrder({ ...of(n), _openid, ...due }));
  }
  const { orders } = opened.ports;
  return {
    mine: () => orders.newest('oShopper-measured', 20),
    due: () => orders.due(opened.ports.clock.now(), { limit: 200 }),
    close: opened.close,
  };
}
