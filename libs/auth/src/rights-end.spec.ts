import { rightsEnd } from './rights-end.js';

const NOW_MS = 1_800_000_000_000;

it.each([
  ['hold without an end', {}, undefined],
  ['hold before their end', { expiresAtMs: NOW_MS + 1 }, undefined],
  ['have ended at their end', { expiresAtMs: NOW_MS }, 'expired'],
  ['hold while their key is in use', { isRevoked: () => false }, undefined],
  ['have ended with their key', { isRevoked: () => true }, 'revoked'],
  [
    'have ended with their key, first',
    { expiresAtMs: NOW_MS + 1, isRevoked: () => true },
    'revoked',
  ],
  ['have ended twice', { expiresAtMs: NOW_MS - 1, isRevoked: () => true }, 'expired'],
])('rights %s', (_, subscriber, end) => expect(rightsEnd(subscriber, NOW_MS)).toBe(end));

it('compares with the clock', () => {
  expect(rightsEnd({ expiresAtMs: 1 })).toBe('expired');
  expect(rightsEnd({ expiresAtMs: Date.now() + 60_000 })).toBeUndefined();
});
