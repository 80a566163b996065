import { isLineFound, LINES_SHOWN_MAX } from './finding.ts';
import { masked } from './mask.ts';
import type { ConsoleParts } from './parts.ts';
import type { LogLine } from './wire.ts';

const LINE_CHARACTERS_MAX = 4000;

/** The newest lines that functions wrote, newest first: those that this text is a part of, or of their function's name. */
export function logsOf(
  { host, secrets }: Pick<ConsoleParts, 'host' | 'secrets'>,
  find: string,
  most = LINES_SHOWN_MAX,
): readonly LogLine[] {
  const lines = host.logs.filter((line) => isLineFound(line, find));
  return lines
    .slice(-most)
    .reverse()
    .map(({ at, functionName, invocation, stream, line }) => ({
      at: at.toISOString(),
      functionName,
      invocation: invocation ?? null,
      isError: stream === 'stderr',
      line: String(masked(line.slice(0, LINE_CHARACTERS_MAX), secrets)),
    }));
}
