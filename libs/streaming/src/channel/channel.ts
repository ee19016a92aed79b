import { SharedWrites } from '../compression/shared-writes.js';
import type { LogEntry } from '../log/log-entry.js';
import type { StreamLog } from '../log/stream-log.js';
import type { SubjectSet } from '../log/subject-set.js';
import type { EntryEncoder } from './entry-encoder.js';
import { InitialValues } from './initial-values.js';
import { joinFrames, type Segment, type SequencedFrame } from './segment.js';
import type { ChannelSegments, RecentSegment } from './segment-cache.js';
import { SegmentDraft } from './segment-draft.js';

/** A caught-up session, as its channel uses it. */
export interface LiveMember {
  /** Whether its connection is compressed. */
  readonly isCompressed: boolean;
  /**
   * Delivers the next segment. A member that cannot accept all of it must leave the channel before it
   * returns. It must ignore a segment that ends at or below its cursor, because it may have joined during
   * the flush.
   */
  deliver(segment: Segment): void;
}

/** Messages to visit for one catch-up segment. */
const CATCH_UP_MESSAGES = 1024;

/**
 * Fan-out for one set of subjects in one format. New messages wait until the end of the tick, are joined
 * once, and are sent as shared bytes to every caught-up session.
 */
export class Channel {
  private readonly members = new Set<LiveMember>();
  private pending: LogEntry[] = [];
  private compressed = 0;
  private writes: SharedWrites | undefined;
  private initialValues: InitialValues | undefined;
  private readonly recent: ChannelSegments;

  constructor(
    readonly key: string,
    readonly set: SubjectSet,
    readonly encoder: EntryEncoder,
    private readonly log: StreamLog,
    private readonly newSegments: () => ChannelSegments,
    private readonly observer: ChannelObserver,
  ) {
    this.recent = newSegments();
  }

  /** Number of caught-up sessions. */
  get size(): number {
    return this.members.size;
  }

  /** Live members have all messages of the set up to here. */
  get position(): number {
    const first = this.pending[0];
    return first === undefined ? this.log.position.sequence : first.sequence - 1;
  }

  /** A message of the set entered the window. Returns whether the channel now needs a flush. */
  offer(entry: LogEntry): boolean {
    // No session is caught up: sessions read the message from the window.
    if (this.members.size === 0) return false;
    return this.pending.push(entry) === 1;
  }

  /**
   * Makes a session live whose cursor has reached the end of the window. Flushes first, because pending
   * messages are already in the window and the session has them.
   *
   * @returns false if more messages arrived and the session must catch up again
   */
  join(member: LiveMember, cursor: number): boolean {
    this.flush();
    if (cursor < this.position) return false;
    if (!this.members.has(member) && member.isCompressed) this.compressed++;
    this.members.add(member);
    return true;
  }

  leave(member: LiveMember): void {
    if (!this.members.delete(member)) return;
    if (member.isCompressed && --this.compressed === 0) this.writes = undefined;
    if (this.members.size === 0) this.pending = [];
  }

  /** Joins and writes pending messages. */
  flush(): void {
    if (this.pending.length === 0) return;
    const entries = this.pending;
    this.pending = [];
    const segments = joinFrames(this.encodeAll(entries), this.log.position.sequence);
    this.observer.flushed(entries);
    if (this.compressed > 0) this.share(segments);
    for (const member of this.members) {
      for (const segment of segments) {
        // A member whose socket is full continues from its own cursor, from the window.
        if (!this.members.has(member)) break;
        member.deliver(segment);
      }
    }
  }

  /**
   * The messages after a cursor, from the window, as one segment shared by all sessions at that cursor.
   * Without frames if there are none up to `through`.
   */
  after(cursor: number): Segment {
    this.flush();
    const known = this.recent.get(cursor);
    if (known !== undefined && this.isHeld(known)) return known.segment;
    const segment = this.joinAfter(cursor);
    if (segment.frames > 0) {
      const { removals } = this.log;
      this.recent.set(cursor, { segment, removals });
    }
    return segment;
  }

  /** The newest position such that no message of the set lies between it and this one. */
  quietThrough(position: number): number {
    if (this.initialValues?.isQuietAfter(position) === true) return this.log.position.sequence;
    if (!this.log.messages.covers(this.set, position)) return position;
    const next = this.after(position);
    return next.frames === 0 ? Math.max(position, next.through) : position;
  }

  /** The newest messages of the set's subjects as initial values (contract §9). */
  get initial(): InitialValues {
    return (this.initialValues ??= new InitialValues(
      this.set,
      this.encoder,
      this.log,
      this.newSegments(),
    ));
  }

  /** The channel is no longer used. */
  close(): void {
    this.recent.clear();
    this.initialValues?.close();
  }

  /** Whether memory still holds all messages of a segment: messages that the stream removed are not sent again. */
  private isHeld(recent: RecentSegment): boolean {
    const { messages, removals } = this.log;
    if (recent.removals === removals) return true;
    const { segment } = recent;
    for (let i = 0; i < segment.frames; i++) {
      if (messages.at(segment.sequenceAt(i)) === undefined) return false;
    }
    recent.removals = removals;
    return true;
  }

  /** Prepares each segment to be compressed once for all compressing members. */
  private share(segments: readonly Segment[]): void {
    this.writes ??= new SharedWrites();
    for (const segment of segments) {
      if (segment.frames > 0) segment.shared = this.writes.next(segment.bytes, this.compressed);
    }
  }

  private joinAfter(cursor: number): Segment {
    const entries = this.log.messages.after(this.set, cursor, CATCH_UP_MESSAGES);
    const draft = new SegmentDraft();
    let visited = cursor;
    for (const entry of entries) {
      if (!draft.count(entry)) return draft.join(visited);
      const frame = this.encoder.encode(entry);
      if (frame !== undefined && !draft.add(frame)) return draft.join(visited);
      visited = entry.sequence;
    }
    const isAll = entries.length < CATCH_UP_MESSAGES;
    return draft.join(isAll ? this.log.position.sequence : visited);
  }

  private encodeAll(entries: readonly LogEntry[]): SequencedFrame[] {
    const frames: SequencedFrame[] = [];
    for (const entry of entries) {
      const frame = this.encoder.encode(entry);
      if (frame !== undefined) frames.push(frame);
    }
    return frames;
  }
}

/** Observes a channel's writes, once per flush. */
export interface ChannelObserver {
  flushed(entries: readonly LogEntry[]): void;
}
