import { constants } from 'node:os';

/**
 * A signal to a process group reaches the service twice: itself, and passed on by npm, which is in
 * the group as well. What comes so soon after the first one is its echo.
 */
const ECHO_MS = 500;

/**
 * Ends the process in an orderly way after SIGTERM, SIGINT or SIGHUP, with code 0; at once after a second one,
 * which comes from somebody who has no patience left.
 */
export class OrderlyEnd {
  private askedAt: number | undefined;

  /** @param stop what is running comes to its end; undefined while nothing is */
  constructor(private readonly stop: () => Promise<void> | undefined) {
    // At once, since a container's first process ignores signals that it does not handle.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, this.signalled);
    }
  }

  get hasBegun(): boolean {
    return this.askedAt !== undefined;
  }

  /** Begins the end, unless it has begun. */
  begin(): void {
    if (this.askedAt !== undefined) return;
    this.askedAt = performance.now();
    const stopped = this.stop();
    if (stopped === undefined) process.exit(0);
    void stopped.then(() => process.exit(0));
  }

  private readonly signalled = (signal: NodeJS.Signals): void => {
    if (this.askedAt === undefined) this.begin();
    else if (performance.now() - this.askedAt > ECHO_MS) {
      process.exit(128 + constants.signals[signal]);
    }
  };
}
