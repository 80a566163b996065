import { build } from '../scripts/build.ts';

/** Tests run what was built, so it is built from what is there. */
export async function setup(): Promise<void> {
  await build();
}
