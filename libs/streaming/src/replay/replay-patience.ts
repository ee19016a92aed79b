import type { FrameSink } from '../session/response-writer.js';
import type { ReplaySlots } from './replay-slots.js';

/** How long a slot is kept for a client that does not read, in ms; and the shorter time while others wait. */
const PATIENCE_MS = 1000;
const CONTENDED_PATIENCE_MS = 20;

/** Waits of a replay: for its client, for its turn, or for a time. The signal ends all of them. */
export class ReplayPatience {
  constructor(
    private readonly sink: FrameSink,
    private readonly slots: ReplaySlots,
    private readonly signal: AbortSignal,
  ) {}

  /** Waits until the client accepts more. */
  untilRoom(): Promise<void> {
    if (this.sink.isIdle) return Promise.resolve();
    return this.orAborted((resolve) => {
      this.sink.whenIdle(resolve);
      return () => undefined;
    });
  }

  /**
   * Waits for room while holding a slot. Returns false if others need the slot or the time is up.
   *
   * @param slow called if there is no room within this turn of the event loop. Most sockets accept writes
   *   immediately, and a timer per write would cost more than the write.
   */
  async waitForRoom(slow: () => void): Promise<boolean> {
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

  /** Calls back when the slot must be released. Returns a function that cancels this. */
  private whenDue(due: () => void): () => void {
    let isContended = this.slots.waiting > 0;
    let timer = setTimeout(due, isContended ? CONTENDED_PATIENCE_MS : PATIENCE_MS);
    const forget = this.slots.onContended(() => {
      // Only once: otherwise every new client of a reconnect storm would postpone it.
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

  /** Waits for what `begin` starts and cleans it up, also if the signal aborts. */
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
