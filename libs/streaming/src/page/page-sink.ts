import type { Segment } from '../channel/segment.js';
import type { FrameSink } from '../session/response-writer.js';

/** What a page does when its sink says so. */
export interface PageSinkSteps {
  /** Right before the first bytes go to the client. */
  readonly begin: () => void;
  /** Once: more follows the last item that the page has room for. */
  readonly overflowed: () => void;
}

/**
 * Where the items of a page go: a sink that is full for good after so many. While it holds, nothing is
 * written: a page that may still be refused has no status yet.
 */
export class PageSink implements FrameSink {
  readonly isCompressed = false;
  private held: Buffer[] | undefined;
  private heldBytes = 0;
  private isEmpty = true;
  private isFull = false;

  /**
   * @param room items of the page
   * @param holdBytes bytes that are held until `release`; 0 = nothing is held
   */
  constructor(
    private readonly writer: FrameSink,
    private room: number,
    private readonly holdBytes: number,
    private readonly steps: PageSinkSteps,
  ) {
    if (holdBytes > 0) this.held = [];
  }

  /** False while bytes are held: their memory may not be used again. */
  get isIdle(): boolean {
    return this.held === undefined && this.writer.isIdle;
  }

  fit(segment: Segment): Segment {
    const part = this.within(segment);
    return this.held === undefined ? this.writer.fit(part) : part;
  }

  fitShared(segment: Segment): Segment {
    const part = this.within(segment);
    return this.held === undefined ? this.writer.fitShared(part) : part;
  }

  writeSegment(segment: Segment): void {
    this.room -= segment.frames;
    // The first item follows the bracket, and not another item's comma.
    this.write(this.isEmpty ? segment.bytes.subarray(1) : segment.bytes, segment.frames);
    this.isEmpty = false;
  }

  write(bytes: Buffer, frames: number): void {
    if (this.held === undefined) {
      if (this.isEmpty) this.steps.begin();
      this.writer.write(bytes, frames);
      return;
    }
    this.held.push(bytes);
    this.heldBytes += bytes.length;
    if (this.heldBytes > this.holdBytes) this.release();
  }

  whenIdle(resume: () => void): void {
    if (!this.isFull) this.writer.whenIdle(resume);
  }

  /** Writes what is held, and everything later at once. */
  release(): void {
    const { held } = this;
    if (held === undefined) return;
    this.held = undefined;
    this.steps.begin();
    for (const bytes of held) this.writer.write(bytes, 1);
  }

  /** Takes nothing more. */
  close(): void {
    this.isFull = true;
    this.room = 0;
  }

  private within(segment: Segment): Segment {
    if (this.room > 0 || segment.frames === 0) return segment.take(this.room);
    if (!this.isFull) {
      this.isFull = true;
      this.steps.overflowed();
    }
    return segment.take(0);
  }
}
