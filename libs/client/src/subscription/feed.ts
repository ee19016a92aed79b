import { earlier, sequenceOf } from '../cursor/sequence.js';
import type { Opening } from '../stream/topic-stream.interface.js';
import { topicFilter } from '../topics.js';
import type { Gap, Message, Reset } from './message.interface.js';

/** Receives the output of a feed. */
export interface FeedSink {
  message(message: Message): void;
  gap(gap: Gap): void;
  reset(reset: Reset): void;
  live(position: string): void;
}

/** A message or gap, at a position. */
type Delivery = { readonly message: Message } | { readonly gap: Gap };

/** Fallbacks after which IDs do not identify what was received (contract §4). */
const OTHER_STREAM = new Set(['cursor ahead of stream', 'cursor from another stream']);

/**
 * One subscription's part of the shared stream: each message of its topics once and in order, even if
 * connections repeat some. Messages that arrive while its history is being fetched are held back until
 * then.
 */
export class Feed {
  /** The ID up to which everything was delivered; undefined until the first one. */
  position: string | undefined;
  #seen = -1n;
  #attached: string | undefined;
  #held: Delivery[] | undefined;
  #isLive = false;
  readonly #covers: (topic: string) => boolean;

  constructor(
    readonly topics: readonly string[],
    readonly start: string | undefined,
    /** The position from which the next connection must resume: the stored one of the previous page at first. */
    public kept: string | undefined,
    private readonly sink: FeedSink,
  ) {
    this.#covers = topicFilter(topics);
  }

  /** Whether a connection delivers its topics. */
  get isAttached(): boolean {
    return this.#attached !== undefined;
  }

  /** Whether history is being fetched. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  hold(): void {
    this.#held ??= [];
  }

  /** A connection delivers its topics. Returns whether history must be fetched first. */
  attach({ id, cursor, recovery, reason }: Opening): boolean {
    const first = this.#attached === undefined;
    this.#attached ??= id;
    const known = first ? this.kept : this.#attached;
    if (recovery === 'fallback' && known !== undefined) this.#fallBack(reason);
    if (!first || this.isHolding) return false;
    if (this.kept !== undefined) this.#goLive(this.kept);
    else if (cursor !== undefined || (recovery !== 'live' && this.start !== undefined)) return true;
    else if (recovery === 'live') this.#goLive(id);
    return false;
  }

  /** Whether a connection that was asked to resume from a cursor misses messages of this feed. */
  isAhead(cursor: string | undefined): boolean {
    const { kept } = this;
    return !this.isAttached && kept !== undefined && earlier(cursor, kept) !== cursor;
  }

  /** The new connection does not deliver its topics: the one after it resumes from here. */
  detach(): void {
    // The next connection delivers them again, or the history does.
    if (this.#held) this.#held = [];
    else if (this.isAttached) this.kept = this.position;
    this.#attached = undefined;
  }

  /** Whether fetched history reaches the start of the connection. */
  reaches(position: string): boolean {
    const [end, begin] = [sequenceOf(position) ?? 0n, sequenceOf(this.#attached) ?? 0n];
    return end >= begin;
  }

  /** History is complete up to a position, by default the connection's: delivers the held messages. */
  release(reached: string): void {
    const held = this.#held ?? [];
    const position = reached || (this.#attached ?? '');
    this.#held = undefined;
    this.#pass(position);
    for (const each of held) this.#let(each);
    this.#goLive(position);
  }

  /** A message of the connection. */
  take(message: Message): void {
    if (message.topic === '' || this.#covers(message.topic)) this.#offer({ message });
  }

  /** A message that the connection could not deliver. */
  takeGap(gap: Gap): void {
    if (gap.topic === undefined || this.#covers(gap.topic)) this.#offer({ gap });
  }

  /** A message or gap of the history. */
  replay(delivery: Delivery): void {
    this.#let(delivery);
  }

  /** The connection has delivered everything up to an ID, and its own `start` if it is live. */
  passed(id: string, isLive: boolean): void {
    if (!this.isAttached || this.isHolding) return;
    if (isLive) this.#goLive(id);
    else this.#pass(id);
  }

  /** The stream starts again. */
  reset(reason: string): void {
    this.#held = undefined;
    this.#seen = -1n;
    this.position = '0';
    this.sink.reset({ reason });
  }

  #fallBack(reason = 'fallback'): void {
    if (OTHER_STREAM.has(reason)) this.reset(reason);
    else this.sink.gap({ reason });
  }

  #offer(delivery: Delivery): void {
    if (!this.isAttached) return;
    if (this.#held) this.#held.push(delivery);
    else this.#let(delivery);
  }

  #let(delivery: Delivery): void {
    const id = 'message' in delivery ? delivery.message.id : delivery.gap.id;
    const sequence = sequenceOf(id);
    if (sequence !== undefined) {
      if (sequence <= this.#seen) return;
      this.#seen = sequence;
    }
    if ('message' in delivery) this.sink.message(delivery.message);
    else this.sink.gap(delivery.gap);
  }

  #pass(id: string): void {
    const sequence = sequenceOf(id);
    if (sequence === undefined || sequence < this.#seen) return;
    this.#seen = sequence;
    this.position = id;
  }

  #goLive(position: string): void {
    this.#pass(position);
    if (this.#isLive) return;
    this.#isLive = true;
    this.sink.live(position);
  }
}
