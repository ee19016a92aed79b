import { covers, readClaims } from './token-claims.js';

const encode = (value: unknown): string => {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
};
const token = (claims: unknown): string =>
  `${encode({ alg: 'HS256' })}.${encode(claims)}.signature`;

it('reads the permissions of a token', () => {
  const claims = { sub: 'zoë', exp: 4102444800, subscribe: 'orders.*', publish: ['a', 'b.>'] };
  expect(readClaims(` ${token(claims)}\n`)).toEqual({
    algorithm: 'HS256',
    subject: 'zoë',
    expires: 4102444800,
    subscribe: ['orders.*'],
    publish: ['a', 'b.>'],
    text: JSON.stringify(claims, undefined, 2),
  });
});

it.each(['', 'a.b', 'a.b.c', 'a.b.c.d', token(null), token('x'), '..'])(
  'recognizes that %j is not a token',
  (text) => {
    expect(readClaims(text)).toBeUndefined();
  },
);

it.each([
  [['orders.*'], 'orders.new', true],
  [['orders.*'], 'orders.new.eu', false],
  [['orders.>'], 'orders.new.eu', true],
  [['orders.>'], 'orders', false],
  [['orders.*'], 'orders.>', false],
  [['orders.*'], 'orders.*', true],
  [['*'], '>', true],
  [['>'], 'a.b', true],
  [['a', 'b'], 'b', true],
  [[], 'a', false],
])('%j covers %s: %s', (filters, topic, expected) => {
  expect(covers(filters, topic)).toBe(expected);
});
