import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientIpOf } from '../../cloudfunctions/_shared/cloud/functions/client-ip.ts';

test.each([
  ['101.226.125.108', '101.226.125.108'],
  ['2001:db8::ff00:42:8329', '2001:db8::ff00:42:8329'],
  ['::1', '::1'],
  ['::ffff:101.226.125.108', '101.226.125.108'],
  ['::FFFF:101.226.125.108', '101.226.125.108'],
  ['0:0:0:0:0:ffff:65e2:7d6c', '101.226.125.108'],
  ['::ffff:0.0.0.1', '0.0.0.1'],
])('a shopper at %s is at %s', (address, reported) => {
  expect(clientIpOf(address)).toBe(reported);
});

test.each([undefined, '', 'localhost', '1.2.3.4, 5.6.7.8', '1.2.3.4:80', 'fe80::1%eth0', '::ffff:1.2.3.4%1'])(
  'an address that is %o is unknown',
  (address) => {
    expect(clientIpOf(address)).toBe('127.0.0.1');
  },
);

test('an IPv4 address is itself, however it is spelled, and an IPv6 address stays one', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(clientIpOf(address)).toBe(address);
      expect(clientIpOf(`::ffff:${address}`)).toBe(address);
    }),
  );
  fc.assert(fc.property(fc.oneof(fc.ipV6(), fc.string()), (text) => isIP(clientIpOf(text)) !== 0));
});
