import type { Segment } from '../channel/segment.js';
import type { InitialProgress } from '../replay/initial-scope.js';
import type { ReplayTarget } from '../replay/replay-target.interface.js';

/**
 * The first part of a stream with `start=last`: a client's progress through the initial values. Once read,
 * their position is fixed, so that everything after it is an ordinary message.
 */
export class InitialPhase implements ReplayTarget, InitialProgress {
  cursor = 0;
  through: number | undefined;
  private settledAt: number | undefined;
  /** A value may have been replaced before it was sent; its successor comes after the position. */
  hasReplaced = false;

  constructor(
    readonly oldestNanos: bigint | undefined,
    readonly emit: (segment: Segment) => void,
  ) {}

  /** Applies to the initial values; unlike in a replay, a sent message does not clear it. */
  get notBeforeNanos(): bigint | undefined {
    return this.oldestNanos;
  }

  set notBeforeNanos(_: bigint | undefined) {
    // See the getter.
  }

  /** Whether all values were sent. */
  get isRead(): boolean {
    return this.through !== undefined && this.cursor >= this.through;
  }

  /** There are no values between the newest sent one and the position. */
  readAll(): void {
    this.cursor = Math.max(this.cursor, this.through ?? 0);
  }

  begin(through: number): void {
    if (this.through === undefined) this.through = through;
    else this.hasReplaced = true;
    this.settledAt = undefined;
  }

  settle(end: number): void {
    this.settledAt = end;
    if (end > (this.through ?? 0)) this.hasReplaced = true;
  }

  isSettled(position: number): boolean {
    return this.through === undefined || position >= (this.settledAt ?? Infinity);
  }
}
