import type { LogEntry } from '../log/log-entry.js';
import { SEGMENT_BYTES, Segment, type SequencedFrame } from './segment.js';

/** Collects the frames of one segment: at most `SEGMENT_BYTES` of frames and of payloads, or one larger message. */
export class SegmentDraft {
  private readonly frames: SequencedFrame[] = [];
  private bytes = 0;
  private payloadBytes = 0;

  /**
   * Counts a message before it is encoded. Returns false if it belongs to the next segment: messages whose
   * frames are much smaller than their payloads, such as gaps, would otherwise all be encoded in one turn
   * of the event loop (200 ms for 30 texts of 900 KB).
   */
  count({ message }: LogEntry): boolean {
    const bytes = this.payloadBytes + message.data.length;
    if (bytes > SEGMENT_BYTES && this.payloadBytes > 0) return false;
    this.payloadBytes = bytes;
    return true;
  }

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
