import type { NatsClient } from '../nats-client.interface.js';

/**
 * Finds the sequence at which begins what was stored at or after a moment, by looking single messages
 * up: what is stored later has a later time.
 *
 * A consumer with a start time would do so in one request, and wrongly. With several filters, a server
 * of 2.10 to 2.15 starts it at the oldest message of a subject that has none from before the moment,
 * and skips what the others have before that one. And 2.9.10 panics where a memory stream's messages
 * around the moment were deleted.
 */
export class MomentLookup {
  /** Where the search for each stream ended: of a storm of clients, all ask for about the same. */
  private readonly guesses = new Map<string, number>();

  constructor(private readonly client: Pick<NatsClient, 'streamFacts' | 'nextMessage'>) {}

  /** At most one past the stream's end, as read now. @throws NatsReadError */
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
      // Away from the guess in growing steps, until the moment is passed; from there on in halves.
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
