import { masked } from './mask.ts';
import type { ConsoleParts } from './parts.ts';
import type { LogLine } from './wire.ts';

/** What somebody reads; older lines are found by looking for what is in them. */
const LINES_MAX = 200;
const LINE_CHARACTERS_MAX = 4000;

/** The newest lines that functions wrote, newest first: those that this text is a part of, or of their function's name. */
export function logsOf(
  { host, secrets }: Pick<ConsoleParts, 'host' | 'secrets'>,
  find: string,
): readonly LogLine[] {
  const wanted = find.toLowerCase();
  const lines = host.logs.filter(({ line, functionName }) =>
    `${functionName}\n${line}`.toLowerCase().includes(wanted),
  );
  return lines
    .slice(-LINES_MAX)
    .reverse()
    .map(({ at, functionName, invocation, stream, line }) => ({
      at: at.toISOString(),
      functionName,
      invocation: invocation ?? null,
      isError: stream === 'stderr',
      line: String(masked(line.slice(0, LINE_CHARACTERS_MAX), secrets)),
    }));
}
