import { createInterface } from 'node:readline';

/**
 * Asks the person at a terminal. Only a yes is one: whoever ends the input (Ctrl-D) or leaves (Ctrl-C) has not said it, and
 * what was asked about is not done.
 */
export function askYes(
  question: string,
  { input, output }: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream },
): Promise<boolean> {
  const terminal = createInterface({ input, output });
  return new Promise((resolve) => {
    let answer = '';
    terminal.once('close', () => resolve(/^y(es)?$/i.test(answer.trim())));
    terminal.question(`\n${question} [y/N] `, (text) => {
      answer = text;
      terminal.close();
    });
  });
}
