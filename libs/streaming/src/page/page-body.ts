import { Readable } from 'node:stream';
import type { Segment } from '../channel/segment.js';
import type { FrameSink } from '../session/response-writer.js';

/** From this size on, wait for the response. Together with one segment, this is the most that a page buffers. */
const HIGH_WATER_BYTES = 64 * 1024;

/**
 * The body of a page; the response reads it as fast as its client does. The feed's output goes through
 * {@link push}, so that the page decides what is sent.
 */
export class PageBody implements FrameSink {
  /** The response may still hold data that it has read. */
  readonly isFlushed = false;
  readonly isCompressed = false;
  readonly readable: Readable;
  private isFull = false;
  private waiting: (() => void) | undefined;

  /** @param gone called when the body is destroyed and will not be read any more */
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

  /** Whether there is room; named by the `FrameSink` interface. */
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

  /** Completes the page. */
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
