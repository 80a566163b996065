import { isIP } from 'node:net';

/** The address sent to WeChat when the platform does not give the shopper's. */
export const UNKNOWN_CLIENT_IP = '127.0.0.1';

/** An IPv4 address in the clothes of IPv6, as URL spells one: `[::ffff:102:304]` is 1.2.3.4. */
const MAPPED = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/;

/**
 * The shopper's address as WeChat Pay takes it in spbill_create_ip: IPv4, or IPv6 without a zone. What the platform
 * gives otherwise (nothing, a list, `fe80::1%eth0`, which says something only on the machine it is from) is unknown.
 */
export function clientIpOf(address: string | undefined = ''): string {
  if (isIP(address) === 0 || address.includes('%')) return UNKNOWN_CLIENT_IP;
  return mappedIpv4(address) ?? address;
}

/** A socket that takes both families shows the IPv4 ones as IPv6, in one of several spellings. */
function mappedIpv4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const groups = MAPPED.exec(new URL(`http://[${address}]`).hostname)?.slice(1);
  return groups
    ?.map((group) => Number.parseInt(group, 16))
    .flatMap((value) => [value >> 8, value & 0xff])
    .join('.');
}
