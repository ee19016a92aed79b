import type { ServerResponse } from 'node:http';

/** Maximum data waiting for a slow reader; a single larger frame may be sent alone. */
export interface WriterBounds {
  readonly maxFrames: number;
  readonly maxBytes: number;
}

/**
 * Writes frames to a response and buffers those that the socket does not accept, within limits: core NATS
 * has no backpressure, so fast replies to a slow reader would accumulate.
 *
 * Frames that arrive together (one packet from NATS may contain hundreds) are sent in one write. They count
 * towards the limits only after the socket has refused some, because a burst does not mean that the reader
 * is slow.
 */
export class ReplyWriter {
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private onTheWay = 0;
  private isScheduled = false;
  private isOver = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly bounds: WriterBounds,
  ) {}

  /** Whether the socket has accepted everything. */
  get isIdle(): boolean {
    return this.onTheWay === 0 && this.waiting.length === 0;
  }

  /** Returns false if the reader is too far behind; the frame is then dropped. */
  offer(frame: Buffer): boolean {
    const { maxFrames, maxBytes } = this.bounds;
    const bytes = this.onTheWay + this.waitingBytes + frame.length;
    if (this.onTheWay > 0 && (this.waiting.length >= maxFrames || bytes > maxBytes)) return false;
    this.waiting.push(frame);
    this.waitingBytes += frame.length;
    if (!this.isScheduled) {
      this.isScheduled = true;
      process.nextTick(() => {
        this.isScheduled = false;
        this.flush();
      });
    }
    return true;
  }

  /** Sends the buffered frames and a last frame, and ends the response. */
  end(frame: Buffer): void {
    if (this.isOver) return;
    this.isOver = true;
    this.response.end(Buffer.concat([...this.take(), frame]));
  }

  /** Drops buffered frames. */
  release(): void {
    this.isOver = true;
    this.take();
  }

  private flush(): void {
    if (this.isOver || this.onTheWay > 0 || this.waiting.length === 0) return;
    const bytes = Buffer.concat(this.take());
    this.onTheWay = bytes.length;
    this.response.write(bytes, () => {
      this.onTheWay = 0;
      this.flush();
    });
  }

  private take(): Buffer[] {
    const frames = this.waiting;
    this.waiting = [];
    this.waitingBytes = 0;
    return frames;
  }
}
