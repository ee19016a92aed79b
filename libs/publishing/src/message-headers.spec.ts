import fc from 'fast-check';
import { messageHeaders } from './message-headers.js';

const rules = { names: ['Kind', 'X-Author'], traceContext: true };
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('stores allowed names in their configured spelling, and a valid trace context', () => {
  const headers = {
    'nuts-header-kind': ['a', 'b'],
    'nuts-header-x-author': [Buffer.from('Jürgen €').toString('latin1')],
    'nuts-header-other': ['c'],
    kind: ['d'],
    traceparent: [TRACE],
  };
  expect(messageHeaders(headers, rules)).toEqual({
    Kind: 'a',
    'X-Author': 'Jürgen €',
    traceparent: TRACE,
  });
  expect(messageHeaders(headers, { names: [], traceContext: false })).toEqual({});
});

it('keeps a value that is not UTF-8 as Latin-1 characters', () => {
  expect(messageHeaders({ 'nuts-header-kind': ['J\u00fcrgen'] }, rules)).toEqual({
    Kind: 'Jürgen',
  });
});

it.each([
  TRACE.toUpperCase(),
  `${TRACE}-00`,
  TRACE.replace('00-', 'ff-'),
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
  '',
])('ignores the traceparent %j', (traceparent) => {
  expect(messageHeaders({ traceparent: [traceparent] }, rules)).toEqual({});
});

it('never stores a header that the rules do not allow', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.array(fc.string(), { minLength: 1 })), (headers) => {
      const names = Object.keys(messageHeaders(headers, { ...rules, traceContext: false }));
      expect(names.every((name) => rules.names.includes(name))).toBe(true);
    }),
  );
});
