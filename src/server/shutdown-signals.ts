import { constants } from 'node:os';

/**
 * A signal to a process group reaches the service twice: directly, and forwarded by npm, which is in the
 * group too. A second signal within this time is ignored.
 */
const DUPLICATE_MS = 500;

/** Shuts the process down after SIGTERM, SIGINT or SIGHUP, with code 0; a second signal ends it immediately. */
export class ShutdownSignals {
  private askedAt: number | undefined;

  /** @param stop shuts down what is running; undefined while nothing is */
  constructor(private readonly stop: () => Promise<void> | undefined) {
    // Registered immediately, because the first process of a container ignores signals without a handler.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, this.signalled);
    }
  }

  get hasBegun(): boolean {
    return this.askedAt !== undefined;
  }

  /** Starts the shutdown, unless it has started. */
  begin(): void {
    if (this.askedAt !== undefined) return;
    this.askedAt = performance.now();
    const stopped = this.stop();
    if (stopped === undefined) process.exit(0);
    void stopped.then(() => process.exit(0));
  }

  private readonly signalled = (signal: NodeJS.Signals): void => {
    if (this.askedAt === undefined) this.begin();
    else if (performance.now() - this.askedAt > DUPLICATE_MS) {
      process.exit(128 + constants.signals[signal]);
    }
  };
}
