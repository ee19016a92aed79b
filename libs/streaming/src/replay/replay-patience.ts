import type { FrameSink } from '../session/response-writer.js';
import type { ReplaySlots } from './replay-slots.js';

/** How long a slot is kept for a client that does not read, in ms; and while others wait for it. */
const PATIENCE_MS = 1000;
const CONTENDED_PATIENCE_MS = 20;

/** What a replay waits for: its client, its slot's turn, or time. All end with the signal. */
export class ReplayPatience {
  constructor(
    private readonly sink: FrameSink,
    private readonly slots: ReplaySlots,
    private readonly signal: AbortSignal,
  ) {}

  /** Until the client takes more. */
  untilRoom(): Promise<void> {
    if (this.sink.isIdle) return Promise.resolve();
    return this.orAborted((resolve) => {
      this.sink.whenIdle(resolve);
      return () => undefined;
    });
  }

  /**
   * Waits for room while holding a slot; false when others need the slot, or patience ends.
   *
   * @param slow called when there is no room within this turn of the loop: most sockets take what
   * is written to them at once, and a timer for each write would cost more than the write
   */
  async untilRoomOrDue(slow: () => void): Promise<boolean> {
    await this.orAborted((resolve) => {
      this.sink.whenIdle(resolve);
      let giveUp: (() => void) | undefined;
      const turn = setImmediate(() => {
        slow();
        giveUp = this.whenDue(resolve);
      });
      return () => {
        clearImmediate(turn);
        giveUp?.();
      };
    });
    return this.sink.isIdle && !this.signal.aborted;
  }

  /** Calls back when a slot is due. Returns what takes that back. */
  private whenDue(due: () => void): () => void {
    let isContended = this.slots.waiting > 0;
    let timer = setTimeout(due, isContended ? CONTENDED_PATIENCE_MS : PATIENCE_MS);
    const forget = this.slots.onContended(() => {
      // Once: every newcomer of a storm would otherwise put the end off.
      if (isContended) return;
      isContended = true;
      clearTimeout(timer);
      timer = setTimeout(due, CONTENDED_PATIENCE_MS);
    });
    return () => {
      clearTimeout(timer);
      forget();
    };
  }

  pause(ms: number): Promise<void> {
    return this.orAborted((resolve) => {
      const timer = setTimeout(resolve, ms);
      return () => clearTimeout(timer);
    });
  }

  /** Waits for what `begin` starts, and takes everything down again, also when the signal comes. */
  private orAborted(begin: (resolve: () => void) => () => void): Promise<void> {
    if (this.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        this.signal.removeEventListener('abort', finish);
        end();
        resolve();
      };
      const end = begin(finish);
      this.signal.addEventListener('abort', finish, { once: true });
    });
  }
}
