import type { ServerResponse } from 'node:http';
import type { HubMetrics } from '@nuts/metrics';
import type { Segment } from '../channel/segment.js';
import type { GzipResponse } from '../compression/gzip-response.js';
import { whenSent } from './foreign-write.js';

/** Limits of the data in transit to one client (contract §5), which the kernel has not accepted yet. */
export interface WriterBounds {
  readonly maxFrames: number;
  readonly maxBytes: number;
}

/** How a body is transferred, and who counts its bytes. */
export interface BodyOptions {
  /** Undefined = uncompressed. */
  readonly gzip?: GzipResponse | undefined;
  readonly metrics?: Pick<HubMetrics, 'sent'>;
}

/** Where a session writes, with backpressure. */
export interface FrameSink {
  /** The part of a client's own segment that may be written now; without frames: wait for room. */
  fit(segment: Segment): Segment;
  /**
   * The same for a segment shared with other sessions. It uses no memory of this client, so an idle socket
   * accepts all of it.
   */
  fitShared(segment: Segment): Segment;
  /** Whether nothing is in transit. */
  readonly isIdle: boolean;
  /** Whether all data written before was sent, so that its memory can be reused. */
  readonly isFlushed: boolean;
  /** Whether the output is compressed. */
  readonly isCompressed: boolean;
  writeSegment(segment: Segment): void;
  /** Writes data for this client alone. */
  write(bytes: Buffer, frames: number): void;
  /** Calls back once, asynchronously, when the sink is idle; a later call replaces an earlier one. */
  whenIdle(resume: () => void): void;
}

/**
 * Writes whole frames to a response and counts those that the kernel has not accepted yet. It looks at what
 * the response has buffered when it needs to know: a callback for each write costs a fifth of a delivery,
 * and `drain` only follows a write that returned false, while a client may reach its frame limit long
 * before that.
 */
export class ResponseWriter implements FrameSink {
  private frames = 0;
  private bytes = 0;
  private waiting: (() => void) | undefined;
  private isWatched = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly bounds: WriterBounds,
    private readonly body: BodyOptions = {},
  ) {}

  fit(segment: Segment): Segment {
    this.countAgain();
    const part = segment.take(Math.max(0, this.bounds.maxFrames - this.frames));
    // A single frame may exceed the limit; it is then sent alone.
    const isTooMuch = this.bytes > 0 && this.bytes + part.bytes.length > this.bounds.maxBytes;
    return isTooMuch ? segment.take(0) : part;
  }

  fitShared(segment: Segment): Segment {
    return this.isIdle ? segment : this.fit(segment);
  }

  get isIdle(): boolean {
    return this.response.writableLength === 0;
  }

  get isFlushed(): boolean {
    return this.isIdle;
  }

  get isCompressed(): boolean {
    return this.body.gzip !== undefined;
  }

  writeSegment(segment: Segment): void {
    if (this.isOver) return;
    const { bytes, frames } = segment;
    this.send(this.body.gzip?.segment(segment) ?? bytes, frames, bytes.length);
  }

  write(bytes: Buffer, frames: number): void {
    if (this.isOver) return;
    this.send(this.body.gzip?.own(bytes) ?? bytes, frames, bytes.length);
  }

  whenIdle(resume: () => void): void {
    this.waiting = resume;
    if (!this.isWatched) this.watch();
  }

  /** Removes the waiting callback. */
  release(): void {
    this.waiting = undefined;
  }

  private get isOver(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  private send(wire: Buffer, frames: number, plainBytes: number): void {
    const { gzip, metrics } = this.body;
    this.countAgain();
    this.frames += frames;
    this.bytes += wire.length;
    if (gzip === undefined) this.response.write(wire);
    else gzip.write(wire);
    metrics?.sent(gzip === undefined ? 'identity' : 'gzip', plainBytes, wire.length);
  }

  /** Node sends joined writes completely or not at all, so everything counted leaves at once. */
  private countAgain(): void {
    if (!this.isIdle) return;
    this.frames = 0;
    this.bytes = 0;
  }

  private watch(): void {
    this.isWatched = true;
    whenSent(this.response, this.sent);
  }

  private readonly sent = (error?: Error | null): void => {
    this.isWatched = false;
    const resume = this.waiting;
    if (resume === undefined || error || this.isOver) return;
    // More was written in the meantime.
    if (!this.isIdle) return this.watch();
    this.waiting = undefined;
    resume();
  };
}
