import type { DropReason } from '@nuts/metrics';

/** A message that is not delivered to clients. */
export interface DroppedMessage {
  readonly reason: DropReason;
  readonly topic: string;
  readonly sequence: number;
  /** Size of the published payload in bytes. */
  readonly size: number;
  /** The error that the hub's mapper threw. */
  readonly error?: Error;
}

/** Log lines for dropped messages per second. A flood of bad messages must not flood the log. */
const LINES_PER_SECOND = 10;

/** Limits the log lines for dropped messages; the metrics count all of them. */
export class DropReport {
  private secondFrom = -Infinity;
  private lines = 0;
  private suppressed = 0;

  /**
   * Decides whether to log a dropped message.
   *
   * @param nowMs time of a monotonic clock
   * @returns the number of suppressed lines since the last one, or undefined if this one is suppressed
   */
  admit(nowMs: number): { readonly suppressed: number } | undefined {
    if (nowMs - this.secondFrom >= 1000) {
      this.secondFrom = nowMs;
      this.lines = 0;
    }
    if (this.lines >= LINES_PER_SECOND) {
      this.suppressed++;
      return undefined;
    }
    this.lines++;
    const { suppressed } = this;
    this.suppressed = 0;
    return { suppressed };
  }
}
