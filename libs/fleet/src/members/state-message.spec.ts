import fc from 'fast-check';
import { MAX_COUNTS, readState, type StateMessage } from './state-message.js';

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const KEY = 'a'.repeat(16);

it.each<StateMessage>([
  { type: 'here', process: 'p', seq: 0 },
  { type: 'here', process: 'p', seq: 3, asks: true },
  { type: 'changes', process: 'p', seq: 3, counts: [KEY, 1] },
  { type: 'snapshot', process: 'p', seq: 3, part: 2, parts: 2, counts: [] },
  { type: 'bye', process: 'p' },
])('reads messages of processes: $type', (message) => {
  expect(readState(bytes(message))).toEqual(message);
});

it.each([
  { type: 'here', process: 'p' },
  { type: 'here', process: 'p', seq: -1 },
  { type: 'here', process: 'p.q', seq: 1 },
  { type: 'here', process: 'p'.repeat(33), seq: 1 },
  { type: 'gone', process: 'p', seq: 1 },
  { type: 'changes', process: 'p', seq: 1 },
  { type: 'changes', process: 'p', seq: 1, counts: [KEY] },
  { type: 'changes', process: 'p', seq: 1, counts: [KEY, '1'] },
  { type: 'changes', process: 'p', seq: 1, counts: [KEY, 0.5] },
  { type: 'changes', process: 'p', seq: 1, counts: ['short', 1] },
  {
    type: 'changes',
    process: 'p',
    seq: 1,
    counts: Array(MAX_COUNTS + 1)
      .fill([KEY, 1])
      .flat(),
  },
  { type: 'snapshot', process: 'p', seq: 1, part: 2, parts: 1, counts: [] },
  { type: 'snapshot', process: 'p', seq: 1, part: 1, parts: 1_000_000, counts: [] },
  [],
  null,
  'here',
])('refuses %j', (message) => {
  expect(readState(bytes(message))).toBeUndefined();
});

it('throws for no bytes and no JSON', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (data) => {
        readState(data);
      },
    ),
  );
});
