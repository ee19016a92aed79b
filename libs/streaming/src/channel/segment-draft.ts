import { SEGMENT_BYTES, Segment, type SequencedFrame } from './segment.js';

/** Collects the frames of one segment: at most `SEGMENT_BYTES`, or one larger frame. */
export class SegmentDraft {
  private readonly frames: SequencedFrame[] = [];
  private bytes = 0;

  /** Returns false if the frame does not fit. */
  add(frame: SequencedFrame): boolean {
    const bytes = this.bytes + frame.bytes.length;
    if (bytes > SEGMENT_BYTES && this.frames.length > 0) return false;
    this.frames.push(frame);
    this.bytes = bytes;
    return true;
  }

  /** @param through the cursor of a client that has these frames */
  join(through: number): Segment {
    return Segment.join(this.frames, through);
  }
}
