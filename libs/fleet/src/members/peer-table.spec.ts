import fc from 'fast-check';
import { PeerTable, SILENCE_MS } from './peer-table.js';
import type { FlatCounts, StateMessage } from './state-message.js';

const KEY = 'a'.repeat(16);
const OTHER = 'b'.repeat(16);
const changes = (seq: number, ...counts: FlatCounts): StateMessage => ({
  type: 'changes',
  process: 'p',
  seq,
  counts,
});
const here = (seq: number): StateMessage => ({ type: 'here', process: 'p', seq });
const part = (seq: number, at: number, parts: number, ...counts: FlatCounts): StateMessage => ({
  type: 'snapshot',
  process: 'p',
  seq,
  part: at,
  parts,
  counts,
});

function table(limits = { peers: 10, counts: 100 }): PeerTable & { at: number } {
  const clock = { at: 0 };
  const peers = new PeerTable(() => clock.at, limits);
  return Object.defineProperty(peers, 'at', {
    set: (at: number) => (clock.at = at),
  }) as PeerTable & { at: number };
}

it('follows a process from its start without requesting a snapshot', () => {
  const peers = table();
  expect(peers.take(here(0))).toBe(false);
  expect(peers.take(changes(1, KEY, 2, OTHER, 1))).toBe(false);
  expect(peers.take(changes(2, KEY, 0))).toBe(false);
  expect(peers.take(here(2))).toBe(false);
  expect([peers.countOf(KEY), peers.countOf(OTHER)]).toEqual([0, 1]);
  expect(peers.live()).toEqual(['p']);
});

it('requests all counts of a process that it discovers late, or after a lost message', () => {
  const peers = table();
  expect(peers.take(here(7))).toBe(true);
  peers.take(part(7, 1, 1, KEY, 3));
  expect(peers.take(changes(8, OTHER, 1))).toBe(false);
  expect(peers.countOf(KEY)).toBe(3);
  peers.at = 1000;
  expect(peers.take(changes(10, KEY, 9))).toBe(true);
  // Not repeatedly while the answer is in flight.
  expect(peers.take(here(10))).toBe(false);
  expect(peers.countOf(KEY)).toBe(3);
  peers.take(part(10, 1, 1, KEY, 9));
  expect([peers.countOf(KEY), peers.countOf(OTHER)]).toEqual([9, 0]);
  expect(peers.take(here(10))).toBe(false);
});

it('applies only complete and current snapshots', () => {
  const peers = table();
  peers.take(here(5));
  peers.take(part(5, 1, 3, KEY, 1));
  peers.take(part(5, 3, 3, OTHER, 1));
  expect(peers.countOf(KEY)).toBe(0);
  peers.take(part(5, 1, 2, KEY, 4));
  peers.take(part(5, 2, 2, OTHER, 1));
  expect([peers.countOf(KEY), peers.countOf(OTHER)]).toEqual([4, 1]);
  peers.take(part(4, 1, 1, KEY, 8));
  expect(peers.countOf(KEY)).toBe(4);
});

it('counts a silent process for 30 s, and one that left not at all', () => {
  const peers = table();
  peers.take(changes(1, KEY, 1));
  peers.at = SILENCE_MS;
  expect(peers.countOf(KEY)).toBe(1);
  expect(peers.prune()).toEqual([]);
  peers.at = SILENCE_MS + 1;
  expect([peers.countOf(KEY), peers.live()]).toEqual([0, []]);
  expect(peers.prune()).toEqual(['p']);
  expect(peers.take(here(1))).toBe(true);
  peers.take({ type: 'bye', process: 'p' });
  expect(peers.has('p')).toBe(false);
});

it('stays within its limits, whatever arrives', () => {
  const messages = fc.array(
    fc.record({
      process: fc.constantFrom('p', 'q', 'r', 's'),
      type: fc.constantFrom(
        'here' as const,
        'changes' as const,
        'snapshot' as const,
        'bye' as const,
      ),
      seq: fc.nat(4),
      part: fc.integer({ min: 1, max: 3 }),
      parts: fc.integer({ min: 1, max: 3 }),
      counts: fc
        .array(fc.tuple(fc.constantFrom(...'abcdefgh'), fc.nat(2)), { maxLength: 6 })
        .map((pairs) => pairs.flat()),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(messages, (all) => {
      const peers = table({ peers: 3, counts: 10 });
      for (const message of all) peers.take(message);
      expect(peers.live().length).toBeLessThanOrEqual(3);
      for (const process of peers.live()) peers.take({ type: 'bye', process });
      // All capacity is free again.
      peers.take({
        type: 'changes',
        process: 'x',
        seq: 1,
        counts: [...'abcdefghijk'].flatMap((k) => [k, 1]),
      });
      expect([...'abcdefghijk'].filter((key) => peers.countOf(key) === 1)).toHaveLength(10);
    }),
  );
});
