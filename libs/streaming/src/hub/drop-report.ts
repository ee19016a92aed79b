import type { DropReason } from '@nuts/metrics';

/** A message that clients do not get. */
export interface DroppedMessage {
  readonly reason: DropReason;
  readonly topic: string;
  readonly sequence: number;
  /** Of the published payload, in bytes. */
  readonly size: number;
  /** What the hub's mapper threw. */
  readonly error?: Error;
}

/** Lines for dropped messages in one second: a publisher's flood must not flood the log. */
const LINES_PER_SECOND = 10;

/** Decides which dropped messages are logged; the metrics count all of them. */
export class DropReport {
  private secondFrom = -Infinity;
  private lines = 0;
  private suppressed = 0;

  /**
   * Undefined when the line shall not be written.
   *
   * @param nowMs of any steady clock
   * @returns with how many were left out since the last line
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
