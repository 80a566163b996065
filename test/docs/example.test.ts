import { describe, expect, test } from 'vitest';
import { read } from './markdown.ts';

/** The example is a test of its own; in the pages its imports are as from the root. */
const EXAMPLE = read('test/local/example.test.ts').replaceAll("'../../scripts/", "'./scripts/");

describe.each(['docs/local-world.md', 'docs/local-world.zh-CN.md'])('%s', (page) => {
  test('shows the example as it is run', () => {
    expect(read(page)).toContain(`\`\`\`ts\n${EXAMPLE}\`\`\``);
  });
});
