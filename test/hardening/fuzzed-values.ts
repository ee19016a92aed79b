import fc from 'fast-check';

export const junk = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text).toString('latin1')),
  fc.constantFrom(
    '\r\n',
    '\0',
    '%0d%0aSet-Cookie: a=b',
    '%00',
    '%',
    '%E0%A4%A',
    '../../etc/passwd',
    '\u0085',
    '\x7f',
    '${jndi:x}',
    '__proto__',
    'constructor',
    '$JS.API.>',
    'a'.repeat(300),
    '\ud800',
  ),
);
export const wellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/g, '');
export const encoded = junk.map((text) => encodeURIComponent(wellFormed(text)));
export const topic = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z]{1,6}(\.[a-z]{1,4}){0,2}$/) },
  fc.constantFrom('a.*', 'a.>', '>', '*', 'a..b', '.a', '$a', 'a b', ''),
  encoded,
  junk,
);
export const cursor = fc.oneof(
  fc.nat().map(String),
  fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 65n }), fc.bigInt({ min: -1n, max: 2n ** 64n }))
    .map((pair) => pair.join('-')),
  fc.constantFrom('', '0', '-', '1-', '18446744073709551613', '00000000000000000000001', '1e9'),
  junk,
);
export const start = fc.oneof(
  fc.constantFrom(
    'last',
    'all',
    'live',
    'last:1',
    'last:50',
    'last:0',
    'last:-1',
    'last:99999999999999999999',
  ),
  fc.constantFrom(
    'PT1S',
    'PT0S',
    'P1D',
    'P9999999999D',
    '-PT1S',
    'PT',
    'P1Y',
    '2026-01-01T00:00:00Z',
  ),
  fc.constantFrom(
    '2026-02-30T00:00:00Z',
    '9999-12-31T23:59:60Z',
    '0000-01-01T00:00:00Z',
    'LAST',
    'last:last',
  ),
  fc.nat().map((count) => `last:${count}`),
  fc.nat().map((seconds) => `PT${seconds}S`),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  cursor,
  junk,
);
export const limit = fc.oneof(
  fc.constantFrom('1', '10', '1000', '0', '-1', '1e3', '10001', '18446744073709551616', ''),
  junk,
);
export const parameter = fc.oneof(
  start.map((value) => `start=${encodeURIComponent(wellFormed(value))}`),
  limit.map((value) => `limit=${encodeURIComponent(wellFormed(value))}`),
  topic.map((value) => `topic=${value}`),
  cursor.map((value) => `last-id=${value}`),
  fc.tuple(encoded, encoded).map((pair) => pair.join('=')),
  fc.constantFrom('topic[]=a', 'topic[a][b]=c', 'topic', '&&&', '='),
);
