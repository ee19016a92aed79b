import type { ServerResponse } from 'node:http';
import type { HubMetrics } from '@nuts/metrics';
import type { Segment } from '../channel/segment.js';
import type { GzipResponse } from '../compression/gzip-response.js';
import { hasForeignWrite, whenSent } from './foreign-write.js';

/** What may be on its way to one client (contract §5): not yet taken by the kernel. */
export interface WriterBounds {
  readonly maxFrames: number;
  readonly maxBytes: number;
}

/** How a body goes over the wire, and who counts its bytes. */
export interface BodyOptions {
  /** Undefined: as it is. */
  readonly gzip?: GzipResponse | undefined;
  readonly metrics?: Pick<HubMetrics, 'sent'>;
}

/** Where a session writes, and learns when it may write again. */
export interface FrameSink {
  /** As much of a client's own segment as may be written now; without frames: wait for room. */
  fit(segment: Segment): Segment;
  /**
   * The same for a segment that other sessions share. It costs this client no memory of its own, so
   * an idle socket takes all of it.
   */
  fitShared(segment: Segment): Segment;
  /** True when nothing is on its way any more. */
  readonly isIdle: boolean;
  /** Whether the memory of what was written before may be used again: nothing of it is on its way. */
  readonly isFlushed: boolean;
  /** Whether what is written here is compressed. */
  readonly isCompressed: boolean;
  writeSegment(segment: Segment): void;
  /** Writes what is for this client alone. */
  write(bytes: Buffer, frames: number): void;
  /** Calls back once, asynchronously, when it is idle again; the newest caller is remembered. */
  whenIdle(resume: () => void): void;
}

/**
 * Writes whole frames to a response and counts what the kernel has not taken yet. The counting uses
 * the writes' own callbacks: `drain` comes only after a write that returned false, and a client may
 * be at its bound of frames long before that.
 */
export class ResponseWriter implements FrameSink {
  private frames = 0;
  private bytes = 0;
  private writes = 0;
  private waiting: (() => void) | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly bounds: WriterBounds,
    private readonly body: BodyOptions = {},
  ) {}

  fit(segment: Segment): Segment {
    const part = segment.take(Math.max(0, this.bounds.maxFrames - this.frames));
    // One frame may be larger than the bound; then it goes alone.
    const isTooMuch = this.bytes > 0 && this.bytes + part.bytes.length > this.bounds.maxBytes;
    return isTooMuch ? segment.take(0) : part;
  }

  fitShared(segment: Segment): Segment {
    return this.isIdle ? segment : this.fit(segment);
  }

  get isIdle(): boolean {
    return this.writes === 0;
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
  }

  /** Forgets the waiting caller. */
  release(): void {
    this.waiting = undefined;
  }

  private get isOver(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  private send(wire: Buffer, frames: number, plainBytes: number): void {
    const { gzip, metrics } = this.body;
    this.frames += frames;
    this.bytes += wire.length;
    this.writes++;
    const { response } = this;
    if (gzip !== undefined) {
      gzip.write(wire, this.written);
    } else if (hasForeignWrite(response)) {
      response.write(wire);
      whenSent(response, this.written);
    } else {
      response.write(wire, this.written);
    }
    metrics?.sent(gzip === undefined ? 'identity' : 'gzip', plainBytes, wire.length);
  }

  private readonly written = (error?: Error | null): void => {
    if (--this.writes > 0 || error) return;
    // Node takes what was written in one piece or not at all, so the last callback ends them all.
    this.frames = 0;
    this.bytes = 0;
    const resume = this.waiting;
    this.waiting = undefined;
    resume?.();
  };
}
