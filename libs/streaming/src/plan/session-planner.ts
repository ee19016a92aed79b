import type { RequestedCursor, RequestedStart } from '@nuts/auth';
import { NatsReadError, streamNow, type StoredMessage, type StreamFacts } from '@nuts/nats';
import type { StreamLog } from '../log/stream-log.js';
import type { SubjectSet } from '../log/subject-set.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';
import {
  placeCursor,
  replayWindowStart,
  type Decision,
  type FallbackReason,
  type Plan,
} from './plan.js';
import { RetryingRead } from './retrying-read.js';
import { ThrottledFacts } from './throttled-facts.js';
import { StartPlanner, type PlannerOptions, type StartAsker } from './start-planner.js';
import { holdsSubjectOutsideStream, storesSubject } from './stream-subjects.js';

/**
 * Decides where a session starts (contract §4). Without a cursor, or with the newest one, this needs no
 * JetStream call; otherwise one stream info request, shared by concurrent callers. A fallback is never
 * based on cached stream info alone.
 */
export class SessionPlanner {
  private readonly throttledFacts: ThrottledFacts;
  private readonly retriedFacts: RetryingRead<StreamFacts>;
  private readonly starts: StartPlanner;

  constructor(
    private readonly log: StreamLog,
    private readonly options: PlannerOptions,
    private readonly now = (): number => streamNow(log.facts),
  ) {
    this.throttledFacts = new ThrottledFacts(() => log.freshFacts());
    this.starts = new StartPlanner(log, options, this.throttledFacts, now);
    this.retriedFacts = new RetryingRead(
      () => log.freshFacts(),
      () => log.client.status !== 'connected',
      () => new NatsReadError('timeout', 'the stream could not be read in time'),
      () => log.readMs,
    );
  }

  /**
   * Whether the set contains a subject that the stream does not store. Cached stream info may be outdated,
   * so a fresh read decides. Rejects with a `NatsReadError` if the stream cannot be read for a second.
   */
  async holdsSubjectOutsideStream(set: SubjectSet): Promise<boolean> {
    return holdsSubjectOutsideStream(this.log.facts, set, () => this.retriedFacts.afterNow());
  }

  /** Whether the stream stores messages published to this subject. Rejects like `holdsSubjectOutsideStream`. */
  stores(subject: string): Promise<boolean> {
    return storesSubject(this.log.facts, subject, () => this.retriedFacts.afterNow());
  }

  /**
   * The stream's last sequence, at which a page ends. Read after the request arrived, unless the stream
   * cannot be read promptly. Waits briefly until memory has all messages before it.
   */
  async endOf({ streamEnd }: Pick<Plan, 'streamEnd'>): Promise<number> {
    if (streamEnd === undefined) await this.throttledFacts.afterNow();
    const { facts } = this.log;
    if (facts !== undefined) await this.log.reach(facts);
    return Math.max(this.log.lastKnownSequence, streamEnd ?? 0);
  }

  /** Rejects with a `NatsReadError` if the answer needs a stream that cannot be read. */
  async plan(
    set: SubjectSet,
    cursor: RequestedCursor | undefined,
    start?: RequestedStart,
    asker?: StartAsker,
  ): Promise<Plan> {
    const facts = this.log.facts;
    if (facts === undefined) throw new StreamRefusal('jetstream_unavailable');
    const { generation, lastKnownSequence: historyThrough } = this.log;
    const decision =
      cursor === undefined
        ? await this.starts.plan(set, start, facts, asker)
        : await this.resume(set, cursor, facts);
    // Initial values are one state: `replay_max_messages` does not limit them.
    return {
      ...decision,
      historyThrough: decision.start === 'last' ? 0 : historyThrough,
      generation,
    };
  }

  private async resume(
    set: SubjectSet,
    cursor: RequestedCursor,
    remembered: StreamFacts,
  ): Promise<Decision> {
    let facts = remembered;
    let last = this.log.lastKnownSequence;
    const isAhead = cursor.sequence > BigInt(last);
    if (isAhead || !this.log.messages.covers(set, Number(cursor.sequence))) {
      facts = await this.retriedFacts.afterNow();
    } else if (cursor.sequence < BigInt(last)) {
      const reading = this.throttledFacts.afterNow();
      if (reading !== undefined) facts = (await reading) ?? facts;
    }
    last = Math.max(last, this.log.lastKnownSequence, facts.lastSequence);
    if (facts.created !== remembered.created) throw new StreamRefusal('jetstream_unavailable');
    const place = placeCursor(cursor, { firstSequence: this.log.retainedFrom(facts) }, last);
    if (place === 'ahead') return this.fallback('cursor ahead of stream', cursor, facts);
    if (place === 'below_retention') {
      return this.fallback('sequence below retention', cursor, facts);
    }
    const sequence = Number(cursor.sequence);
    if (cursor.timeNanos !== undefined && sequence > 0) {
      if (await this.isOfAnotherStream(sequence, cursor.timeNanos)) {
        return this.fallback('cursor from another stream', cursor, facts);
      }
    }
    const { replayWindowMs } = this.options;
    const after =
      replayWindowMs === undefined
        ? sequence
        : await this.startWithinReplayWindow(set, sequence, facts, replayWindowMs);
    if (after === undefined) return this.fallback('sequence outside replay window', cursor, facts);
    const end = facts === remembered ? {} : { streamEnd: facts.lastSequence };
    return { recovery: 'resumed', after, id: cursor.text, ...end };
  }

  /** Memory may belong to a stream that was replaced since. Before it confirms a cursor, the stream is read. */
  private async isOfAnotherStream(sequence: number, timeNanos: bigint): Promise<boolean> {
    const isOther = (stored: bigint | undefined): boolean =>
      stored !== undefined && stored !== timeNanos;
    const { client, options } = this.log;
    if (!isOther(await this.storedTime(sequence))) return false;
    const message = await client.messageAt(options.stream, sequence);
    return message === undefined || isOther(message.timeNanos);
  }

  /** When the message at this sequence was stored; undefined if it no longer exists. */
  private async storedTime(sequence: number): Promise<bigint | undefined> {
    const held = this.log.messages.at(sequence)?.message;
    if (held !== undefined) return held.timeNanos;
    const known = this.log.knownTime(sequence);
    if (known !== undefined) return known;
    return (await this.log.client.messageAt(this.log.options.stream, sequence))?.timeNanos;
  }

  /**
   * The sequence to start after; undefined if the resume point is too old. The next retained message gives
   * its time: first of the whole stream, in one read; only if that is too old, of the session's own
   * subjects. If there is none, the client is caught up.
   */
  private async startWithinReplayWindow(
    set: SubjectSet,
    sequence: number,
    facts: StreamFacts,
    replayWindowMs: number,
  ): Promise<number | undefined> {
    const start = replayWindowStart(this.now(), replayWindowMs);
    const isOld = (message: StoredMessage | undefined): boolean =>
      message !== undefined && message.timeNanos < start;
    if (this.log.messages.covers(set, sequence)) {
      if (!isOld(this.log.messages.after(set, sequence, 1)[0]?.message)) return sequence;
      // If messages were deleted from the stream, memory may still hold them.
      if (!hasHoles(facts)) return undefined;
    }
    // Memory must not deliver deleted messages: skip to just before the next retained message.
    const upTo = (message: StoredMessage | undefined): number =>
      (message?.sequence ?? sequence + 1) - 1;
    const next = await this.next(sequence, '>');
    if (!isOld(next)) return upTo(next);
    const own = await Promise.all(set.all.map(({ filter }) => this.next(sequence, filter)));
    return own.some(isOld) ? undefined : Math.min(...own.map(upTo));
  }

  private next(sequence: number, subject: string): Promise<StoredMessage | undefined> {
    return this.log.client.nextMessage(this.log.options.stream, sequence + 1, subject);
  }

  private fallback(reason: FallbackReason, cursor: RequestedCursor, facts: StreamFacts): Decision {
    const { replayWindowMs } = this.options;
    return {
      recovery: 'fallback',
      reason,
      after: Math.max(0, facts.firstSequence - 1),
      ...(replayWindowMs !== undefined && {
        notBeforeNanos: replayWindowStart(this.now(), replayWindowMs),
      }),
      id: cursor.text,
    };
  }
}

/** Whether messages between the first and the last were deleted. */
function hasHoles({ firstSequence, lastSequence, messages }: StreamFacts): boolean {
  return messages < lastSequence - firstSequence + 1;
}
