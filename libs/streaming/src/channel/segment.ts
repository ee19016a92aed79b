import { deflateBlocks } from '../compression/deflate-blocks.js';
import type { SharedPiece } from '../compression/shared-piece.js';

/**
 * Maximum bytes joined into one write; one larger frame is sent alone. Equals the amount that may be in
 * transit to one client: with 64 KiB, a burst needs four times as many system calls and takes twice as
 * long.
 */
export const SEGMENT_BYTES = 256 * 1024;

/** The sequence of a frame, and whether it only announces a gap. */
export interface FrameMark {
  readonly sequence: number;
  readonly isGap: boolean;
}

/** A frame with its bytes. */
export interface SequencedFrame extends FrameMark {
  readonly bytes: Buffer;
}

/**
 * Frames joined for one write, shared by all sessions that need the same ones. A view of the joined bytes,
 * so that a part of a segment needs no copy.
 */
export class Segment {
  readonly kind = 'segment';
  /** Set by the channel when it writes the whole segment to compressing members. */
  shared: SharedPiece | undefined;
  private selfContained: Buffer | undefined;

  /**
   * @param frames in ascending sequence; empty if no message up to `through` is wanted
   * @param through the cursor of a client that has these frames
   */
  static join(frames: readonly SequencedFrame[], through: number): Segment {
    const ends: number[] = [];
    let length = 0;
    for (const frame of frames) ends.push((length += frame.bytes.length));
    const only = frames.length === 1 ? frames[0] : undefined;
    const bytes =
      only?.bytes ??
      Buffer.concat(
        frames.map((frame) => frame.bytes),
        length,
      );
    return Segment.of(frames, ends, bytes, through);
  }

  /**
   * Creates a segment from frames whose bytes are already joined.
   *
   * @param ends the end offset of each frame
   */
  static of(
    frames: readonly FrameMark[],
    ends: readonly number[],
    bytes: Buffer,
    through: number,
  ): Segment {
    const hasGaps = frames.some(({ isGap }) => isGap);
    return new Segment(frames, ends, bytes, through, hasGaps, 0, frames.length);
  }

  private constructor(
    private readonly all: readonly FrameMark[],
    private readonly ends: readonly number[],
    private readonly joined: Buffer,
    private readonly end: number,
    private readonly hasGaps: boolean,
    private readonly from: number,
    private readonly to: number,
  ) {}

  /** Number of frames. */
  get frames(): number {
    return this.to - this.from;
  }

  /** Number of messages: frames that are not gaps. */
  get messages(): number {
    if (!this.hasGaps) return this.frames;
    return this.all.slice(this.from, this.to).filter(({ isGap }) => !isGap).length;
  }

  /** The cursor of a client that has the whole segment. */
  get through(): number {
    return this.to === this.all.length ? this.end : (this.all[this.to - 1]?.sequence ?? 0);
  }

  get bytes(): Buffer {
    if (this.frames === this.all.length) return this.joined;
    return this.joined.subarray(this.endOf(this.from), this.endOf(this.to));
  }

  /** The bytes as self-contained deflate blocks, compressed once for all receivers. */
  get deflated(): Buffer {
    return (this.selfContained ??= deflateBlocks(this.bytes, 'fast'));
  }

  /** The bytes of one frame. */
  frameAt(index: number): Buffer {
    return this.joined.subarray(this.endOf(this.from + index), this.endOf(this.from + index + 1));
  }

  sequenceAt(index: number): number {
    return this.all[this.from + index]?.sequence ?? 0;
  }

  isGapAt(index: number): boolean {
    return this.all[this.from + index]?.isGap ?? false;
  }

  /** The first frames, at most `frames`. */
  take(frames: number): Segment {
    if (frames >= this.frames) return this;
    return this.view(this.from, this.from + frames);
  }

  /** The part after the first frames. */
  skip(frames: number): Segment {
    const from = Math.min(this.from + frames, this.to);
    return this.view(from, this.to);
  }

  /** These frames and one more at the end. */
  with(frame: SequencedFrame): Segment {
    const { bytes, frames } = this;
    const marks = [...this.all.slice(this.from, this.to), frame];
    const from = this.endOf(this.from);
    const ends = this.ends.slice(this.from, this.to).map((end) => end - from);
    ends.push(bytes.length + frame.bytes.length);
    const joined = frames === 0 ? frame.bytes : Buffer.concat([bytes, frame.bytes]);
    return Segment.of(marks, ends, joined, frame.sequence);
  }

  /** The part after a cursor: all of it, unless the reader was ahead of the tail. */
  after(cursor: number): Segment {
    let skipped = 0;
    while (skipped < this.frames && this.sequenceAt(skipped) <= cursor) skipped++;
    return skipped === 0 ? this : this.skip(skipped);
  }

  private view(from: number, to: number): Segment {
    return new Segment(this.all, this.ends, this.joined, this.end, this.hasGaps, from, to);
  }

  private endOf(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] ?? 0);
  }
}

/**
 * Joins frames into segments of at most `SEGMENT_BYTES`. The last segment ends at `through`, the others at
 * their own last frame; always at least one segment.
 */
export function joinFrames(frames: readonly SequencedFrame[], through: number): Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  let bytes = 0;
  let last = through;
  frames.forEach((frame, index) => {
    if (index > start && bytes + frame.bytes.length > SEGMENT_BYTES) {
      segments.push(Segment.join(frames.slice(start, index), last));
      start = index;
      bytes = 0;
    }
    bytes += frame.bytes.length;
    last = frame.sequence;
  });
  segments.push(Segment.join(frames.slice(start), through));
  return segments;
}
