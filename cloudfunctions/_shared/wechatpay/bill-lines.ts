/** A line of a text, counted from 1; its text is undefined where it is longer than a line may be. */
export interface Line {
  readonly number: number;
  readonly text: string | undefined;
}

/** The longest line of a bill has a few hundred bytes. */
export const LINE_BYTES_MAX = 16 * 1024;

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The lines of a text that comes in pieces, as many at a time as a piece completes; line breaks and a byte order mark are
 * taken off. Of a line that is too long nothing is kept.
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<readonly Line[]> {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  let isTooLong = false;

  const lineOf = (bytes: Buffer): Line => {
    number++;
    const isLong = isTooLong || bytes.length > LINE_BYTES_MAX;
    isTooLong = false;
    return { number, text: isLong ? undefined : textOf(bytes, number) };
  };

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const piece = chunk.subarray(from, end);
      lines.push(lineOf(rest.length > 0 ? Buffer.concat([rest, piece]) : piece));
      rest = Buffer.alloc(0);
      from = end + 1;
    }
    rest = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(from)]) : chunk.subarray(from);
    if (rest.length > LINE_BYTES_MAX) {
      isTooLong = true;
      rest = Buffer.alloc(0);
    }
    yield lines;
  }
  if (rest.length > 0 || isTooLong) yield [lineOf(rest)];
}

function textOf(bytes: Buffer, number: number): string {
  const text = bytes.toString('utf8');
  const whole = number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  return whole.endsWith('\r') ? whole.slice(0, -1) : whole;
}
