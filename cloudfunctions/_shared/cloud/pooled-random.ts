import type { Random } from '../wechatpay/nonce.ts';

/** As many bytes as a hundred nonces take. */
const POOL_BYTES = 1600;

/**
 * The same random bytes, fetched from the system for many uses at once: asking it costs a sixth of all that an order's
 * messages take. No byte is given twice, and one that was given is wiped from the pool.
 */
export function pooledRandom(random: Random): Random {
  let pool: Buffer = Buffer.alloc(0);
  return (bytes) => {
    if (bytes > POOL_BYTES) return random(bytes);
    if (bytes > pool.length) pool = random(POOL_BYTES);
    const given = Buffer.from(pool.subarray(0, bytes));
    pool.fill(0, 0, bytes);
    pool = pool.subarray(bytes);
    return given;
  };
}
