import type { Segment } from '../channel/segment.js';
import type { FrameSink } from './response-writer.js';

/** A socket that accepts what the test allows. */
export class ManualSink implements FrameSink {
  room: number;
  waits = 0;
  private resume: (() => void) | undefined;

  constructor(private readonly size: number) {
    this.room = size;
  }

  get isIdle(): boolean {
    return this.room > 0;
  }

  get isFlushed(): boolean {
    return this.isIdle;
  }

  fit(segment: Segment): Segment {
    return segment.take(Math.max(0, this.room));
  }

  fitShared(segment: Segment): Segment {
    return this.fit(segment);
  }

  readonly isCompressed = false;

  writeSegment(segment: Segment): void {
    this.write(segment.bytes, segment.frames);
  }

  write(_bytes: Buffer, frames: number): void {
    this.room -= frames;
  }

  whenIdle(resume: () => void): void {
    this.waits += 1;
    this.resume = resume;
  }

  /** The client has read all written bytes. */
  drain(): void {
    this.room = this.size;
    const { resume } = this;
    this.resume = undefined;
    resume?.();
  }
}
