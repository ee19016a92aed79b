import type { NatsClient } from '../nats-client.interface.js';

/** If a read takes longer, several positions are read at once, in ms. */
const SLOW_MS = 30;
/** Positions read at once. Each answer contains a whole message. */
const POSITIONS = 15;
/** Growth of the distances from the previous result. */
const STRETCH = 8;

/** The answer lies within: `low` is the first possible sequence, `high` the last. */
interface Range {
  low: number;
  high: number;
}

/**
 * Finds the sequence from which messages were stored at or after a time, by reading single messages: stored
 * times increase with the sequence. Bisects; on a slow link, each step reads several positions at once: 12
 * steps become three.
 *
 * A consumer with a start time would need one request, but is unreliable. With several filters, servers
 * from 2.10 to 2.15 start at the oldest message of a subject without messages before that time, and skip
 * earlier messages of the others. And 2.9.10 panics if a memory stream's messages around that time were
 * deleted.
 */
export class MomentLookup {
  /** The last result per stream: the clients of a reconnect storm ask for similar times. */
  private readonly guesses = new Map<string, number>();

  constructor(
    private readonly client: Pick<NatsClient, 'streamFacts' | 'nextMessage'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The result is at most one past the stream's current end. @throws NatsReadError */
  async sequenceAt(stream: string, timeNanos: bigint): Promise<number> {
    const asked = this.now();
    const { firstSequence, lastSequence } = await this.client.streamFacts(stream);
    const isSlow = this.now() - asked > SLOW_MS;
    const range = { low: firstSequence, high: lastSequence + 1 };
    const search = new MomentSearch(range, (at) => this.isOld(stream, at, timeNanos));
    const guess = this.guesses.get(stream);
    await (isSlow ? search.manyAtOnce(guess) : search.oneByOne(guess));
    this.guesses.set(stream, range.low);
    return range.low;
  }

  /** The sequence of the first message from a position on, if it was stored before the time. */
  private async isOld(stream: string, at: number, timeNanos: bigint): Promise<number | undefined> {
    const message = await this.client.nextMessage(stream, at, '>');
    return message !== undefined && message.timeNanos < timeNanos ? message.sequence : undefined;
  }
}

class MomentSearch {
  constructor(
    private readonly range: Range,
    private readonly isOld: (at: number) => Promise<number | undefined>,
  ) {}

  async oneByOne(guess: number | undefined): Promise<void> {
    const { range } = this;
    let at =
      guess === undefined
        ? middle(range.low, range.high)
        : clamp(guess - 1, range.low, range.high - 1);
    let step = guess === undefined ? Infinity : 1;
    let wasOld: boolean | undefined;
    while (range.low < range.high) {
      const isOld = await this.read(at);
      // Moves away from the guess in growing steps until the time is passed, then bisects.
      if (wasOld !== undefined && wasOld !== isOld) step = Infinity;
      const half = middle(range.low, range.high);
      at = isOld ? Math.min(half, range.low + step - 1) : Math.max(half, range.high - step);
      step *= 2;
      wasOld = isOld;
    }
  }

  async manyAtOnce(guess: number | undefined): Promise<void> {
    const { range } = this;
    let positions = guess === undefined ? spread(range) : around(guess, range);
    while (range.low < range.high) {
      await Promise.all(positions.map((at) => this.read(at)));
      positions = spread(range);
    }
  }

  /** Narrows the range by one position. */
  private async read(at: number): Promise<boolean> {
    const { range } = this;
    const old = await this.isOld(at);
    if (old === undefined) range.high = Math.min(range.high, Math.max(at, range.low));
    else range.low = Math.min(range.high, Math.max(range.low, old + 1));
    return old !== undefined;
  }
}

/** Positions that divide a range into equal parts. */
function spread({ low, high }: Range): number[] {
  const parts = Math.min(POSITIONS, high - low) + 1;
  return distinct(
    Array.from({ length: parts - 1 }, (_, i) => low + Math.floor(((i + 1) * (high - low)) / parts)),
  );
}

/** Positions on both sides of a guess, at growing distances. */
function around(guess: number, { low, high }: Range): number[] {
  const distances = Array.from({ length: (POSITIONS - 1) / 2 }, (_, i) => STRETCH ** i);
  const positions = [
    guess,
    ...distances.flatMap((distance) => [guess - distance, guess + distance]),
  ];
  return distinct(positions.map((at) => clamp(at, low, high - 1)));
}

function distinct(positions: readonly number[]): number[] {
  return [...new Set(positions)];
}

function middle(low: number, high: number): number {
  return low + Math.floor((high - low) / 2);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
