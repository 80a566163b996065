import type { LocalWorld } from '../local-world.ts';
import { expiredMembership } from './expired-membership.ts';
import { heldOrder } from './held-order.ts';
import { lostNotice } from './lost-notice.ts';
import { member } from './member.ts';
import { refundUnderWay } from './refund-under-way.ts';
import type { Scenario } from './scenario.ts';
import { unpaidOrder } from './unpaid-order.ts';

/** By the name of the file, which is the name on the command line. */
export const SCENARIOS = {
  'unpaid-order': unpaidOrder,
  'lost-notice': lostNotice,
  member,
  'expired-membership': expiredMembership,
  'refund-under-way': refundUnderWay,
  'held-order': heldOrder,
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof SCENARIOS;

export function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

/**
 * Plays a scenario in a world that has no orders yet.
 * @throws Error naming the order's refusal when the world's functions refuse, or orders are there already
 */
export async function playScenario(world: LocalWorld, name: ScenarioName): Promise<void> {
  if (world.cloud.documents('orders').length > 0)
    throw new Error(`The scenario ${name} begins in a new world; this one has orders already`);
  await SCENARIOS[name].play(world);
}
