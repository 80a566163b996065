import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where files take long: with a browser, processes, days that pass. The longest first. */
const LONG = ['e2e/', 'functions/refund', 'security/', 'start.', 'simulation/', 'functions/', 'local/'];

/**
 * Hands out the files that take long before the others, so that no core is left alone with one at the end. Where nothing is known
 * of earlier runs, as on a build server, vitest goes by the size of files, which says little of them.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const rank = ({ moduleId }: TestSpecification) => rankOf(relative(root, moduleId));
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

function rankOf(file: string): number {
  const place = LONG.findIndex((beginning) => file.startsWith(`test/${beginning}`));
  return place < 0 ? LONG.length : place;
}
