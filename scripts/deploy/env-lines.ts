import { type Finding, problem, unless } from './check/finding.ts';

/** What `.env` says, read line by line; the last line of a name counts, as everywhere. */
export interface EnvLines {
  readonly values: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

const ASSIGNMENT = /^(?:export\s+)?([^\s=]+)\s*=\s*(.*)$/;

/**
 * Reads `NAME=value` as the CloudBase CLI does: `export` before it, quotes around the value, `#` for a comment. Node's own
 * parseEnv joins lines it does not understand with their neighbours and cuts values without a word; here whatever would
 * arrive as something else than was meant is a problem, named by variable or line and never by its text.
 */
export function readEnvLines(text: string): EnvLines {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const values = new Map<string, string>();
  const standing = new Map<string, number>();
  const findings: Finding[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]?.trim() ?? '';
    if (line === '' || line.startsWith('#')) continue;
    const [, name, written = ''] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined) {
      findings.push(problem('.env', `line ${index + 1} is not NAME=value. Write it so, or begin it with #`));
      continue;
    }
    const closedBelow = lineThatCloses(written, lines, index);
    const { value, message } = closedBelow ? { value: written, message: SEVERAL_LINES } : readValue(written);
    if (message) findings.push(problem(name, message));
    findings.push(
      ...checkTwice(name, { value, before: values.get(name), line: standing.get(name), again: index + 1 }),
    );
    values.set(name, value);
    standing.set(name, index + 1);
    index = closedBelow ?? index;
  }
  return { values, findings };
}

export const SEVERAL_LINES =
  'has several lines. Write it on one line; \\n inside double quotes counts as a line';

/** The index of the line on which a quote ends that was opened on another. */
function lineThatCloses(written: string, lines: readonly string[], index: number): number | undefined {
  const [quote] = /^["'`]/.exec(written) ?? [];
  if (!quote || written.includes(quote, 1)) return undefined;
  const below = lines.slice(index + 1).findIndex((line) => line.includes(quote) && !line.includes('='));
  return below < 0 ? undefined : index + 1 + below;
}

function readValue(written: string): { readonly value: string; readonly message?: string } {
  const [quote] = /^["'`]/.exec(written) ?? [];
  if (!quote) return readBareValue(written);
  const end = written.indexOf(quote, 1);
  if (end < 0) return { value: written, message: 'begins with a quote that is never closed' };
  const inner = written.slice(1, end);
  const value = quote === '"' ? inner.replaceAll('\\n', '\n') : inner;
  const behind = written.slice(end + 1).trim();
  if (behind === '' || behind.startsWith('#')) return { value };
  return { value, message: 'goes on behind its closing quote. Put all of it in quotes of another kind' };
}

function readBareValue(written: string): { readonly value: string; readonly message?: string } {
  const hash = written.indexOf('#');
  if (hash < 0) return { value: written };
  const value = written.slice(0, hash).trim();
  if (hash === 0 || /\s/.test(written[hash - 1] ?? '')) return { value };
  return {
    value,
    message: 'has a # in it, where a comment begins. Put the value in quotes, or a space before the #',
  };
}

function checkTwice(
  name: string,
  {
    value,
    before,
    line,
    again,
  }: { value: string; before: string | undefined; line: number | undefined; again: number },
): readonly Finding[] {
  return unless(
    !before || before === value,
    problem(name, `stands on lines ${line} and ${again} with different values. Keep one of them`),
  );
}
