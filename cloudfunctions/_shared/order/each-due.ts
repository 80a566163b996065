import { type Lanes, SWEEP_PAGE_ORDERS } from './lanes.ts';
import type { Orders } from './ports.ts';
import { Stretch } from './stretch.ts';
import { Tasks, type Work } from './tasks.ts';

/**
 * Does the work with every order that is due by `now`, or with as many as there are before it is over: the longest waiting
 * first, but for what another run is working on. False when some were not read.
 */
export async function withEachDue(
  orders: Pick<Orders, 'due'>,
  { now, lanes, isOver, work }: { now: Date; lanes: Lanes; isOver: () => boolean; work: Work },
): Promise<boolean> {
  const tasks = new Tasks({ lanes, isOver, work });
  let stretches = [new Stretch({ until: now })];
  try {
    while (stretches.length > 0) {
      const ended: Stretch[] = [];
      for (let stretch = stretches.pop(); stretch; stretch = stretches.pop()) {
        await walk(stretch);
        const parts = stretch.split();
        if (parts) stretches.push(...parts);
        else ended.push(stretch);
        if (isOver() || tasks.haveBug) return false;
      }
      await tasks.end();
      stretches = ended.map((stretch) => stretch.rest()).filter((rest) => rest !== undefined);
    }
  } finally {
    await tasks.end();
  }
  return !tasks.areTooMany;

  async function walk(stretch: Stretch): Promise<void> {
    let { from } = stretch;
    do {
      if (isOver() || tasks.haveBug || stretch.isLeft) return;
      const page = await orders.due(now, { limit: SWEEP_PAGE_ORDERS, from, until: stretch.until });
      if (stretch.isLeft) return;
      stretch.read(page);
      await tasks.begin(stretch, page, from === stretch.from);
      from = page.next;
      await lanes.ready();
    } while (from);
  }
}
