import type { RequestedCursor } from '@nuts/auth';
import type { StoredMessage, StreamFacts } from '@nuts/nats';
import { formatEventId } from '../frames/event-id.js';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import type { StreamLog } from '../log/stream-log.js';
import type { SubjectSet } from '../log/subject-set.js';
import { StreamRefusal } from '../sse/stream-refusal.js';
import { placeCursor, replayWindowStart, type FallbackReason, type Plan } from './plan.js';

export interface PlannerOptions {
  readonly eventId: FrameFormat['eventId'];
  readonly replayWindowMs?: number;
}

/** What the planner decides; the rest of a plan is the moment at which it did. */
type Decision = Omit<Plan, 'historyThrough' | 'generation'>;

/**
 * Decides where a session starts (contract §4). Without a cursor, or with one that memory covers, it
 * takes no call to JetStream; what this process remembers is never the only reason for a fallback.
 */
export class SessionPlanner {
  constructor(
    private readonly log: StreamLog,
    private readonly options: PlannerOptions,
    private readonly now: () => number = Date.now,
  ) {}

  /** Rejects with a `NatsReadError` when the answer depends on a stream that cannot be read. */
  async plan(set: SubjectSet, cursor: RequestedCursor | undefined): Promise<Plan> {
    const facts = this.log.facts;
    if (facts === undefined) throw new StreamRefusal('jetstream_unavailable');
    const { generation, lastKnownSequence: historyThrough } = this.log;
    const decision = cursor === undefined ? this.live() : await this.resume(set, cursor, facts);
    return { ...decision, historyThrough, generation };
  }

  private live(): Decision {
    const position = this.log.position;
    return {
      recovery: 'live',
      after: position.sequence,
      id: formatEventId(this.options.eventId, position),
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
      try {
        facts = await this.log.freshFacts();
        last = Math.max(last, facts.lastSequence);
      } catch (error) {
        // Disconnected, or a cursor that only the stream can judge: the client comes back.
        if (isAhead || this.log.client.status !== 'connected') throw error;
        return this.fallback('stream info unavailable', cursor, facts);
      }
    }
    if (facts.created !== remembered.created) throw new StreamRefusal('jetstream_unavailable');
    const reason = await this.refuseCursor(set, cursor, facts, last);
    if (reason !== undefined) return this.fallback(reason, cursor, facts);
    return {
      recovery: 'resumed',
      after: Number(cursor.sequence),
      id: cursor.text,
    };
  }

  private async refuseCursor(
    set: SubjectSet,
    cursor: RequestedCursor,
    facts: StreamFacts,
    last: number,
  ): Promise<FallbackReason | undefined> {
    const place = placeCursor(cursor, facts, last);
    if (place === 'ahead') return 'cursor ahead of stream';
    if (place === 'below_retention') return 'sequence below retention';
    const sequence = Number(cursor.sequence);
    if (cursor.timeNanos !== undefined && sequence > 0) {
      const stored = await this.storedTime(sequence);
      if (stored !== undefined && stored !== cursor.timeNanos) return 'cursor from another stream';
    }
    if (await this.isOutsideReplayWindow(set, sequence)) return 'sequence outside replay window';
    return undefined;
  }

  /** When the message at a sequence was stored; undefined when it is not there any more. */
  private async storedTime(sequence: number): Promise<bigint | undefined> {
    const held = this.log.messages.at(sequence)?.message;
    if (held !== undefined) return held.timeNanos;
    const known = this.log.knownTime(sequence);
    if (known !== undefined) return known;
    return (await this.log.client.messageAt(this.log.options.stream, sequence))?.timeNanos;
  }

  /**
   * Dated by the next retained message after the cursor: of the whole stream first, which one read
   * settles; only an old one asks for the session's own subjects. Nothing left: caught up.
   */
  private async isOutsideReplayWindow(set: SubjectSet, sequence: number): Promise<boolean> {
    if (this.options.replayWindowMs === undefined) return false;
    const start = replayWindowStart(this.now(), this.options.replayWindowMs);
    if (this.log.messages.covers(set, sequence)) {
      const next = this.log.messages.after(set, sequence, 1)[0];
      return next !== undefined && next.message.timeNanos < start;
    }
    const next = await this.next(sequence, '>');
    if (next === undefined || next.timeNanos >= start) return false;
    const own = await Promise.all(set.all.map(({ filter }) => this.next(sequence, filter)));
    return own.some((message) => message !== undefined && message.timeNanos < start);
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
