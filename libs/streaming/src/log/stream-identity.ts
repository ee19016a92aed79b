import type { NatsClient, StoredMessage, StreamFacts } from '@nuts/nats';
import type { Position } from './generation.js';

/** Maximum clock difference between a cluster's servers, ns: a new leader's clock may be behind. */
const CLOCK_SKEW_NANOS = 250_000_000n;

type Lookups = Pick<NatsClient, 'messageAt' | 'nextMessage'>;

/**
 * Detects a store that was rewound and has grown past its old end, which neither its creation time nor its
 * last sequence shows. The newest known message, of any subject, must be unchanged. If it was deleted, the
 * newest retained message up to it must be known, or at least not be stored later.
 *
 * @param known the newest known position; without a time it proves nothing
 * @param timeAt the stored time of a message in memory
 */
export async function isSetBack(
  client: Lookups,
  facts: Pick<StreamFacts, 'name' | 'firstSequence' | 'replicas'>,
  known: Position,
  timeAt: (sequence: number) => bigint | undefined,
): Promise<boolean> {
  const { sequence, timeNanos } = known;
  if (timeNanos === 0n || sequence < facts.firstSequence) return false;
  const same = await client.messageAt(facts.name, sequence);
  if (same !== undefined) return same.timeNanos !== timeNanos;
  const newest = await newestUpTo(client, facts, sequence);
  if (newest === undefined) return false;
  const expected = timeAt(newest.sequence);
  if (expected !== undefined) return newest.timeNanos !== expected;
  return newest.timeNanos > timeNanos + (facts.replicas > 1 ? CLOCK_SKEW_NANOS : 0n);
}

/** Finds the newest retained message up to a sequence by bisection: the API only looks forward. */
async function newestUpTo(
  client: Lookups,
  { name, firstSequence }: Pick<StreamFacts, 'name' | 'firstSequence'>,
  sequence: number,
): Promise<StoredMessage | undefined> {
  let newest: StoredMessage | undefined;
  let low = firstSequence;
  let high = sequence;
  while (low <= high) {
    const middle = low + Math.floor((high - low) / 2);
    const next = await client.nextMessage(name, middle, '>');
    if (next !== undefined && next.sequence <= sequence) {
      newest = next;
      low = next.sequence + 1;
    } else high = middle - 1;
  }
  return newest;
}
