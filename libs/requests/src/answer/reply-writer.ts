import type { ServerResponse } from 'node:http';

/** What may wait for a reader that is behind. One larger frame may go alone. */
export interface WriterBounds {
  readonly maxFrames: number;
  readonly maxBytes: number;
}

/**
 * Writes frames to a response and keeps those that its socket does not take, within bounds: core NATS
 * cannot be held back, so what comes too fast for a reader would pile up here.
 *
 * Frames that arrive together (one packet from NATS can hold hundreds) leave in one write, and count
 * against the bounds only once the socket has refused some: a burst says nothing about the reader.
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

  /** True when the socket has taken everything. */
  get isIdle(): boolean {
    return this.onTheWay === 0 && this.waiting.length === 0;
  }

  /** False when the reader is too far behind; the frame is not taken then. */
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

  /** Sends what waits and a last frame, and ends the response. */
  end(frame: Buffer): void {
    if (this.isOver) return;
    this.isOver = true;
    this.response.end(Buffer.concat([...this.take(), frame]));
  }

  /** Forgets what waits. */
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
