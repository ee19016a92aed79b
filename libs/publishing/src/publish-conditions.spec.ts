import fc from 'fast-check';
import { publishConditions } from './publish-conditions.js';

it('reads a key and a condition', () => {
  expect(publishConditions({})).toEqual({});
  expect(publishConditions({ 'idempotency-key': ['a b~'], 'if-match': ['"12-5"'] })).toEqual({
    idempotencyKey: 'a b~',
    ifMatch: '12-5',
  });
  expect(publishConditions({ 'if-match': ['12'] })).toEqual({ ifMatch: '12' });
  expect(publishConditions({ 'if-none-match': ['*'] })).toEqual({ ifNoneMatch: '*' });
});

it.each([
  [{ 'idempotency-key': [''] }, 'Invalid Idempotency-Key'],
  [{ 'idempotency-key': ['a', 'b'] }, 'Invalid Idempotency-Key'],
  [{ 'idempotency-key': ['ü'] }, 'Invalid Idempotency-Key'],
  [{ 'if-match': ['"1'] }, 'Invalid If-Match'],
  [{ 'if-match': ['"1"', '"1"'] }, 'Invalid If-Match'],
  [{ 'if-match': [`"${'1'.repeat(50)}"`] }, 'Invalid If-Match'],
  [{ 'if-none-match': ['"1"'] }, 'Invalid If-None-Match'],
  [
    { 'if-match': ['"1"'], 'if-none-match': ['*'] },
    'If-Match and If-None-Match cannot be combined',
  ],
])('rejects %j', (headers, message) => {
  expect(() => publishConditions(headers)).toThrow(message);
});

it('never reads an invalid text as a condition', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      let read: ReturnType<typeof publishConditions> | undefined;
      try {
        read = publishConditions({ 'if-match': [text] });
      } catch {
        return;
      }
      expect(text.replaceAll('"', '')).toBe(read.ifMatch);
      expect(read.ifMatch).toMatch(/^\d[\d-]*$/);
    }),
  );
});
