import type { Segment } from '../channel/segment.js';
import type { InitialProgress } from '../replay/initial-scope.js';
import type { ReplayTarget } from '../replay/replay-target.interface.js';

/**
 * The first part of a stream with `start=last`: how far its client has the initial values. The position
 * that they are about stands once it was read, so that everything behind it comes as an ordinary message.
 */
export class InitialPhase implements ReplayTarget, InitialProgress {
  cursor = 0;
  through: number | undefined;
  /** A value may have been replaced before it was sent: its successor comes behind the position. */
  lacks = false;

  constructor(
    readonly oldestNanos: bigint | undefined,
    readonly emit: (segment: Segment) => void,
  ) {}

  /** Of the initial values; a message that was sent does not end it, as it does for a replay. */
  get notBeforeNanos(): bigint | undefined {
    return this.oldestNanos;
  }

  set notBeforeNanos(_: bigint | undefined) {
    // See the getter.
  }

  /** Whether all were sent. */
  get isRead(): boolean {
    return this.through !== undefined && this.cursor >= this.through;
  }

  /** Between the newest that was sent and the position there is none. */
  readAll(): void {
    this.cursor = Math.max(this.cursor, this.through ?? 0);
  }

  begin(through: number): void {
    if (this.through === undefined) this.through = through;
    else this.lacks = true;
  }
}
