import { NatsReadError } from '@nuts/nats';

/**
 * Whether the tail's consumers work. The creation of a consumer counts as a sign of life, because the first
 * heartbeat of a quiet stream is seconds away; but not after a consumer from which nothing ever arrived: its
 * subscription may have been refused (`max_subscriptions`), or its path forwards nothing.
 */
export class TailLife {
  /** Failures since the last sign of life. */
  failures = 0;
  private lastAlive: number | undefined;
  private isMute = false;
  /** Signs of the current consumer. The first one is its creation. */
  private signs = 0;

  constructor(private readonly idleHeartbeatMs: number) {}

  /** Whether there was a sign of life within two idle heartbeats. */
  get alive(): boolean {
    const { lastAlive } = this;
    if (lastAlive === undefined) return false;
    return performance.now() - lastAlive <= 2 * this.idleHeartbeatMs;
  }

  /** False until the first consumer responded or failed: a tail that is starting has not stalled. */
  get hasBegun(): boolean {
    return this.lastAlive !== undefined;
  }

  /** Another consumer is about to be created. */
  attach(): void {
    this.signs = 0;
  }

  /** The consumer was created, or it delivered a message or a heartbeat. */
  note(): void {
    this.signs += 1;
    if (this.isMute && this.signs === 1) return;
    this.isMute = false;
    this.lastAlive = performance.now();
    this.failures = 0;
  }

  /** The consumer was lost, or could not be created. */
  fail(error: unknown): void {
    const hasStalled = error instanceof NatsReadError && error.kind === 'stalled';
    if (hasStalled && this.signs === 1) this.isMute = true;
    this.lastAlive = -Infinity;
    this.failures += 1;
  }
}
