import { SharedWrites } from '../compression/shared-writes.js';
import type { LogEntry } from '../log/log-entry.js';
import type { StreamLog } from '../log/stream-log.js';
import type { SubjectSet } from '../log/subject-set.js';
import type { EntryEncoder } from './entry-encoder.js';
import { InitialValues } from './initial-values.js';
import { SEGMENT_BYTES, Segment, joinFrames, type SequencedFrame } from './segment.js';
import type { ChannelSegments, RecentSegment } from './segment-cache.js';

/** A caught-up session, as its channel sees it. */
export interface LiveMember {
  /** Whether its connection is compressed. */
  readonly isCompressed: boolean;
  /**
   * Takes the next segment; a member that cannot take all of it leaves the channel before it
   * returns. A segment that ends at or below its cursor is not for it: it joined during the flush.
   */
  deliver(segment: Segment): void;
}

/** Messages looked at for one catch-up segment. */
const CATCH_UP_MESSAGES = 1024;

/**
 * Fan-out for one set of subjects in one format. New messages wait for the end of the tick, are
 * joined once, and go as shared bytes to every session that is caught up.
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

  /** A live member has everything of the set up to here. */
  get position(): number {
    const first = this.pending[0];
    return first === undefined ? this.log.position.sequence : first.sequence - 1;
  }

  /** A message of the set entered the window. True when the channel now waits for a flush. */
  offer(entry: LogEntry): boolean {
    // Nobody is caught up: whoever comes reads it from the window.
    if (this.members.size === 0) return false;
    return this.pending.push(entry) === 1;
  }

  /**
   * Makes a session live whose cursor has reached the end of the window. Flushes first: what waits
   * for the tick's end is in the window already, and the newcomer has it.
   *
   * @returns false when more arrived meanwhile and the session must catch up again
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

  /** Joins and writes what waits. */
  flush(): void {
    if (this.pending.length === 0) return;
    const entries = this.pending;
    this.pending = [];
    const segments = joinFrames(this.encodeAll(entries), this.log.position.sequence);
    this.observer.flushed(entries);
    if (this.compressed > 0) this.share(segments);
    for (const member of this.members) {
      for (const segment of segments) {
        // A member that filled up goes on from its own cursor, out of the window.
        if (!this.members.has(member)) break;
        member.deliver(segment);
      }
    }
  }

  /**
   * What follows a cursor, out of the window: one segment, shared by all who stand at that cursor.
   * Without frames when nothing of the set is left up to `through`.
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

  /** Nobody uses the channel any more. */
  close(): void {
    this.recent.clear();
    this.initialValues?.close();
  }

  /** Whether memory holds all that a segment was made of: what the stream lets go of is not sent again. */
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

  /** Has each segment compressed once for all members that want it so. */
  private share(segments: readonly Segment[]): void {
    this.writes ??= new SharedWrites();
    for (const segment of segments) {
      if (segment.frames > 0) segment.shared = this.writes.next(segment.bytes, this.compressed);
    }
  }

  private joinAfter(cursor: number): Segment {
    const entries = this.log.messages.after(this.set, cursor, CATCH_UP_MESSAGES);
    const frames: SequencedFrame[] = [];
    let bytes = 0;
    for (const [index, entry] of entries.entries()) {
      const frame = this.encoder.encode(entry);
      if (frame === undefined) continue;
      bytes += frame.bytes.length;
      if (frames.length > 0 && bytes > SEGMENT_BYTES) {
        return Segment.join(frames, entries[index - 1]?.sequence ?? cursor);
      }
      frames.push(frame);
    }
    const last = entries.at(-1);
    const complete = entries.length < CATCH_UP_MESSAGES || last === undefined;
    return Segment.join(frames, complete ? this.log.position.sequence : last.sequence);
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

/** Hears what a channel writes, once a flush. */
export interface ChannelObserver {
  flushed(entries: readonly LogEntry[]): void;
}
