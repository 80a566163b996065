import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { askYes } from '../../scripts/deploy/ask-yes.ts';

async function answering(typed: string): Promise<{ isYes: boolean; shown: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asked = askYes('Give ¥10.00 back?', { input, output });
  if (typed) input.write(typed);
  else input.end();
  const isYes = await asked;
  output.end();
  return { isYes, shown: await text(output) };
}

test.each([
  ['y\n', true],
  ['yes\n', true],
  ['YES\r\n', true],
  [' y \n', true],
  ['\n', false],
  ['n\n', false],
  ['no\n', false],
  ['yep\n', false],
  ['no, yes\n', false],
  ['是\n', false],
])('%j is yes: %s', async (typed, isYes) => {
  expect(await answering(typed)).toEqual({
    isYes,
    shown: expect.stringContaining('Give ¥10.00 back? [y/N]'),
  });
});

test('an input that ends without an answer is no', async () => {
  expect((await answering('')).isYes).toBe(false);
});
