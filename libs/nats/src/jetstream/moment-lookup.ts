import type { NatsClient } from '../nats-client.interface.js';

/**
 * Finds the sequence from which messages were stored at or after a time, by reading single messages: stored
 * times increase with the sequence.
 *
 * A consumer with a start time would need one request, but is unreliable. With several filters, servers
 * from 2.10 to 2.15 start at the oldest message of a subject without messages before that time, and skip
 * earlier messages of the others. And 2.9.10 panics if a memory stream's messages around that time were
 * deleted.
 */
export class MomentLookup {
  /** The last result per stream: the clients of a reconnect storm ask for similar times. */
  private readonly guesses = new Map<string, number>();

  constructor(private readonly client: Pick<NatsClient, 'streamFacts' | 'nextMessage'>) {}

  /** The result is at most one past the stream's current end. @throws NatsReadError */
  async sequenceAt(stream: string, timeNanos: bigint): Promise<number> {
    const { firstSequence, lastSequence } = await this.client.streamFacts(stream);
    const guess = this.guesses.get(stream);
    let low = firstSequence;
    let high = lastSequence + 1;
    let at = guess === undefined ? middle(low, high) : clamp(guess - 1, low, high - 1);
    let step = guess === undefined ? Infinity : 1;
    let wasOld: boolean | undefined;
    while (low < high) {
      const message = await this.client.nextMessage(stream, at, '>');
      const isOld = message !== undefined && message.timeNanos < timeNanos;
      if (isOld) low = message.sequence + 1;
      else high = at;
      // Moves away from the guess in growing steps until the time is passed, then bisects.
      if (wasOld !== undefined && wasOld !== isOld) step = Infinity;
      const half = middle(low, high);
      at = isOld ? Math.min(half, low + step - 1) : Math.max(half, high - step);
      step *= 2;
      wasOld = isOld;
    }
    this.guesses.set(stream, low);
    return low;
  }
}

function middle(low: number, high: number): number {
  return low + Math.floor((high - low) / 2);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
