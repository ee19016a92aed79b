import type { StoredMessage, StreamFacts } from '@nuts/nats';
import { START_OF_STREAM, type Position } from './generation.js';
import { KnownTimes } from './known-times.js';

/**
 * The newest sequence up to which everything of a tail's filter was delivered. Messages move it, and so
 * does a proof, over what other subjects stored.
 */
export class NewestPosition {
  private newest: Position = START_OF_STREAM;
  private isProven = false;
  /** Facts that hold as soon as the tail has delivered the message that was the last after them. */
  private awaited: { readonly facts: StreamFacts; readonly through: number } | undefined;
  /** Counts the streams: an answer about an earlier one proves nothing. */
  private stream = 0;
  private readonly times = new KnownTimes();

  /**
   * @param lastMessage asks the stream for the newest message of the tail's filter
   * @param delivered the sequence that the tail has delivered
   */
  constructor(
    private readonly lastMessage: () => Promise<StoredMessage | undefined>,
    private readonly delivered: () => number,
  ) {}

  get current(): Position {
    return this.newest;
  }

  /** True once the tail has everything that was stored when it began. */
  get isCaughtUp(): boolean {
    return this.isProven;
  }

  /** True while the stream is known to hold a message that the tail has not delivered. */
  get isOwed(): boolean {
    return this.awaited !== undefined;
  }

  /** The stored time at a position that was proven and is no message of the window. */
  knownTime(sequence: number): bigint | undefined {
    return this.times.at(sequence);
  }

  /** Another stream is read, from after this sequence on. */
  begin(sequence: number): void {
    this.newest = { sequence, timeNanos: 0n };
    this.isProven = false;
    this.awaited = undefined;
    this.stream++;
    this.times.clear();
  }

  /** Moves to a message; false when it was deleted on its way, and the position proven without it. */
  advance(message: Position): boolean {
    if (message.sequence <= this.newest.sequence) return false;
    this.newest = message;
    return true;
  }

  /** The tail's message entered the window: what waited for it is proven. */
  reached({ sequence }: Position): void {
    if (this.awaited !== undefined && sequence >= this.awaited.through) {
      this.settle(this.awaited.facts);
    }
  }

  /**
   * Moves over what other subjects stored. The lookup begins after the facts were read: once the tail
   * has delivered the last message of its filter, it has everything of it up to the facts' end. Under
   * traffic it never has it yet when the answer comes, but a moment later. `num_pending` would be
   * cheaper, but it is a hint only.
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
