import type { LocalWorld } from '../local-world.ts';

/** What a world can begin with. It is played through the functions, so its documents are always those of today. */
export interface Scenario {
  /** One line for whoever chooses: what is so at the end. */
  readonly title: string;
  play(world: LocalWorld): Promise<void>;
}
