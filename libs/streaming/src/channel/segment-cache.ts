import { OldestKey } from '../bounded/oldest-key.js';
import type { Segment } from './segment.js';

/** Memory of an entry besides its bytes: the segment, its arrays and map slots. */
const ENTRY_BYTES = 512;
/** Memory of each frame in a segment besides its bytes: its object and its Buffer. */
const FRAME_BYTES = 192;

/** A catch-up segment that other sessions can use. */
export interface RecentSegment {
  readonly segment: Segment;
  /** The log's number of removals when all of its messages were known to be retained. */
  removals: number;
}

interface Kept {
  readonly recent: RecentSegment;
  readonly cursor: number;
  readonly owner: Map<number, Kept>;
  readonly cost: number;
}

/** The catch-up segments of one channel, by the cursor that they follow. */
export interface ChannelSegments {
  get(cursor: number): RecentSegment | undefined;
  set(cursor: number, recent: RecentSegment): void;
  /** The channel is no longer used: removes its segments. */
  clear(): void;
}

/**
 * Catch-up segments of all channels, limited by their memory; the oldest are removed first. An entry
 * contains no topic and no key of a channel, because clients choose their length.
 */
export class SegmentCache {
  // In order of insertion.
  private readonly kept = new Set<Kept>();
  private readonly oldest = new OldestKey(this.kept);
  private held = 0;

  constructor(private readonly maxBytes: number) {}

  /** Memory of all entries, in bytes. */
  get bytes(): number {
    return this.held;
  }

  get size(): number {
    return this.kept.size;
  }

  /** The part of the cache that belongs to one channel. */
  forChannel(): ChannelSegments {
    const own = new Map<number, Kept>();
    return {
      get: (cursor) => own.get(cursor)?.recent,
      set: (cursor, recent) => this.keep(own, cursor, recent),
      clear: () => {
        for (const kept of own.values()) this.drop(kept);
      },
    };
  }

  clear(): void {
    for (const kept of this.kept) this.drop(kept);
  }

  private keep(owner: Map<number, Kept>, cursor: number, recent: RecentSegment): void {
    const known = owner.get(cursor);
    if (known !== undefined) this.drop(known);
    const cost = costOf(recent.segment);
    const kept = { recent, cursor, owner, cost };
    owner.set(cursor, kept);
    this.kept.add(kept);
    this.held += cost;
    while (this.held > this.maxBytes) {
      const oldest = this.oldest.take();
      if (oldest === undefined) return;
      this.drop(oldest);
    }
  }

  private drop(kept: Kept): void {
    if (!this.kept.delete(kept)) return;
    kept.owner.delete(kept.cursor);
    this.held -= kept.cost;
  }
}

/** Frames stay in memory beside the bytes that they were joined to. */
function costOf({ bytes, frames }: Segment): number {
  return ENTRY_BYTES + frames * FRAME_BYTES + (frames > 1 ? 2 : 1) * bytes.length;
}
