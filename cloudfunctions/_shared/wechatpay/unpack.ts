import { createGunzip, gunzipSync } from 'node:zlib';
import { WeChatPayError } from './errors.ts';

/** What is unpacked at once; of anything larger only a piece at a time is held. */
const AT_ONCE_BYTES_MAX = 256 * 1024;
/** What it may become. Bills shrink to a sixth, a bomb to a thousandth. */
const UNPACKED_BYTES_MAX = 16 * 1024 * 1024;
/** How much is given at a time. */
const PIECE_BYTES = 64 * 1024;

/** Whether something is packed by gzip, by its first two bytes. */
export function isPacked(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/**
 * What was packed by gzip, in pieces; whatever is not packed, as it is.
 * @throws WeChatPayError BILL_REFUSED where it cannot be unpacked
 */
export async function* unpacked(body: Buffer): AsyncGenerator<Buffer> {
  if (!isPacked(body)) {
    yield* pieces(body);
    return;
  }
  try {
    if (body.length <= AT_ONCE_BYTES_MAX)
      yield* pieces(gunzipSync(body, { maxOutputLength: UNPACKED_BYTES_MAX }));
    else yield* streamed(body);
  } catch (cause) {
    if (cause instanceof WeChatPayError) throw cause;
    throw new WeChatPayError('BILL_REFUSED', 'The bill cannot be unpacked: it is damaged, or cut short.', {
      cause,
    });
  }
}

function* pieces(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE_BYTES) yield body.subarray(at, at + PIECE_BYTES);
}

async function* streamed(body: Buffer): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  gunzip.end(body);
  for await (const piece of gunzip) if (Buffer.isBuffer(piece)) yield piece;
}
