import { Readable } from 'node:stream';
import type { Segment } from '../channel/segment.js';
import type { FrameSink } from '../session/response-writer.js';

/** From so many bytes on, the response is waited for: with one segment, the most that a page holds. */
const HIGH_WATER_BYTES = 64 * 1024;

/**
 * The body of a page on its way to the response, which reads it as fast as its client does. What a feed
 * reads for it goes through {@link push}, so that the page decides what is sent.
 */
export class PageBody implements FrameSink {
  /** A response may still hold what it has read. */
  readonly isFlushed = false;
  readonly isCompressed = false;
  readonly readable: Readable;
  private isFull = false;
  private waiting: (() => void) | undefined;

  /** @param gone the body was destroyed: nobody reads it any more */
  constructor(gone: () => void) {
    this.readable = new Readable({
      highWaterMark: HIGH_WATER_BYTES,
      read: () => this.resume(),
      destroy: (_error, destroyed) => {
        this.waiting = undefined;
        gone();
        destroyed(null);
      },
    });
  }

  /** Whether there is room; the name is the sink's. */
  get isIdle(): boolean {
    return !this.isFull;
  }

  fit(segment: Segment): Segment {
    return this.isFull ? segment.take(0) : segment;
  }

  fitShared(segment: Segment): Segment {
    return this.fit(segment);
  }

  writeSegment(segment: Segment): void {
    this.write(segment.bytes);
  }

  write(bytes: Buffer): void {
    if (!this.readable.push(bytes)) this.isFull = true;
  }

  whenIdle(resume: () => void): void {
    this.waiting = resume;
  }

  /** The page is complete. */
  end(): void {
    this.waiting = undefined;
    this.readable.push(null);
  }

  private resume(): void {
    this.isFull = false;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.();
  }
}
