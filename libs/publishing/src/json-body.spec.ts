import fc from 'fast-check';
import { checkJsonBody } from './json-body.js';

const check = (type: string | undefined, text: string): void =>
  checkJsonBody(type, Buffer.from(text));

it('accepts every JSON text', () => {
  fc.assert(
    fc.property(fc.json(), (text) => check('application/json', text)),
    { numRuns: 200 },
  );
});

it.each(['', ' ', '{', '[1,]', "'a'", 'undefined', '\ufeff{}', '01', '"\n"', '{} {}'])(
  'rejects %j only with a JSON content type',
  (text) => {
    for (const type of [
      'application/json',
      'Application/JSON ; charset=utf-8',
      ' application/json',
    ]) {
      expect(() => check(type, text)).toThrow('Invalid JSON payload');
    }
    for (const type of [undefined, '', 'text/json', 'application/jsonl', 'application/ld+json']) {
      check(type, text);
    }
  },
);

it('rejects invalid UTF-8', () => {
  expect(() => checkJsonBody('application/json', Buffer.from([0x22, 0xe4, 0x22]))).toThrow();
});

it.each([
  ['brackets', '['.repeat(500_000) + ']'.repeat(500_000)],
  ['objects', `[${'{},'.repeat(300_000)}{}]`],
])('validates %s in less time than it takes to build their values', (_, text) => {
  const fastest = (deed: () => void): number =>
    Math.min(
      ...Array.from({ length: 3 }, () => {
        const start = performance.now();
        deed();
        return performance.now() - start;
      }),
    );
  const checked = fastest(() => check('application/json', text));
  expect(checked).toBeLessThan(fastest(() => void JSON.parse(text)));
});
