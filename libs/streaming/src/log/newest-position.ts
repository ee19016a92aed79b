import type { StoredMessage, StreamFacts } from '@nuts/nats';
import { START_OF_STREAM, type Position } from './generation.js';
import { KnownTimes } from './known-times.js';

/**
 * The newest sequence up to which all messages of the tail's filter were delivered. It advances with
 * messages, and past messages of other subjects once they are proven to be of other subjects.
 */
export class NewestPosition {
  private newest: Position = START_OF_STREAM;
  private isProven = false;
  /** Stream info that becomes proven when the tail delivers the sequence `through`. */
  private awaited: { readonly facts: StreamFacts; readonly through: number } | undefined;
  /** Counts the streams: results for an earlier one prove nothing. */
  private stream = 0;
  private readonly times = new KnownTimes();

  /**
   * @param lastMessage looks up the newest message of the tail's filter
   * @param delivered the last sequence that the tail delivered
   */
  constructor(
    private readonly lastMessage: () => Promise<StoredMessage | undefined>,
    private readonly delivered: () => number,
  ) {}

  get current(): Position {
    return this.newest;
  }

  /** Whether the tail has delivered everything stored before it started. */
  get isCaughtUp(): boolean {
    return this.isProven;
  }

  /** Whether the stream is known to hold a message that the tail has not delivered. */
  get isBehind(): boolean {
    return this.awaited !== undefined;
  }

  /** The stored time at a proven position without a message in the window. */
  knownTime(sequence: number): bigint | undefined {
    return this.times.at(sequence);
  }

  /** A different stream is read, starting after this sequence. */
  begin(sequence: number): void {
    this.newest = { sequence, timeNanos: 0n };
    this.isProven = false;
    this.awaited = undefined;
    this.stream++;
    this.times.clear();
  }

  /**
   * Advances to a message. Returns false if the message was deleted in transit and the position already
   * proven without it.
   */
  advance(message: Position): boolean {
    if (message.sequence <= this.newest.sequence) return false;
    this.newest = message;
    return true;
  }

  /** The tail's message is in the window, which may complete a pending proof. */
  reached({ sequence }: Position): void {
    if (this.awaited !== undefined && sequence >= this.awaited.through) {
      this.settle(this.awaited.facts);
    }
  }

  /**
   * Advances past messages of other subjects. The lookup starts after the stream info was read. Once the
   * tail has delivered the last message of its filter, it has delivered everything up to the end given
   * there. Under traffic the tail is not that far when the result arrives, but a moment later.
   * `num_pending` would be cheaper, but it is only a hint.
   */
  async prove(facts: StreamFacts): Promise<void> {
    if (this.isProven && facts.lastSequence <= this.newest.sequence) return;
    const { stream } = this;
    const last = await this.lastMessage();
    if (stream !== this.stream) return;
    const through = last?.sequence ?? 0;
    if (through > this.delivered()) this.awaited = { facts, through };
    else this.settle(facts);
  }

  private settle(facts: StreamFacts): void {
    this.awaited = undefined;
    this.isProven = true;
    if (facts.lastSequence >= this.newest.sequence) {
      this.newest = { sequence: facts.lastSequence, timeNanos: facts.lastTimeNanos };
      this.times.remember(this.newest);
    }
  }
}
