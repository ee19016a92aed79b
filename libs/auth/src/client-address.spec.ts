import * as fc from 'fast-check';
import { canonicalAddress } from './client-address.js';

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:5000', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:201', '192.0.2.1'],
  ['[::ffff:192.0.2.1]:5000', '192.0.2.1'],
  ['2001:db8:0:1::2', '2001:db8:0:1::/64'],
  ['2001:0DB8:0000:0001:ffff:0:0:9', '2001:db8:0:1::/64'],
  ['[2001:db8:0:1::3]', '2001:db8:0:1::/64'],
  ['[2001:db8:0:1::3]:5000', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
  ['192.0.2.300', '192.0.2.300'],
  ['', ''],
  [' 192.0.2.1 ', '192.0.2.1'],
  [' 192.0.2.1:5000 ', '192.0.2.1'],
  ['192.0.2.1%eth0', '192.0.2.1'],
  // Text before or after an address in brackets is none of its parts.
  ['x[2001:db8::1]:5000', 'x[2001:db8::1]:5000'],
  ['[2001:db8::1]x', '[2001:db8::1]x'],
  ['x'.repeat(65), 'x'.repeat(64)],
])('takes «%s» for %s', (text, canonical) => expect(canonicalAddress(text)).toBe(canonical));

it('tells networks apart', () => {
  expect(canonicalAddress('2001:db8:0:2::2')).not.toBe(canonicalAddress('2001:db8:0:1::2'));
});

it('has one spelling for all of an address, and is bounded', () => {
  fc.assert(
    fc.property(fc.ipV6(), fc.integer({ min: 1, max: 65_535 }), (address, port) => {
      const canonical = canonicalAddress(address);
      return (
        canonicalAddress(`[${address.toUpperCase()}]:${port}`) === canonical &&
        canonical.length <= 64
      );
    }),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => canonicalAddress(text).length <= 64),
  );
});
