import type { NatsEvent } from '@nuts/nats';

type FailedAttempt = Extract<NatsEvent, { type: 'attempt_failed' }>;

/** A failure that repeats is logged again after this time, in ms. */
const REPEAT_MS = 30_000;
/** Distinct failures in memory. There are as many as servers and reasons. */
const MAX_REMEMBERED = 100;

const WHAT = {
  main: 'connecting to NATS failed',
  replay: 'the second connection to NATS failed: until it succeeds, replays use the main one',
};

/**
 * The log lines of failed connection attempts. An outage makes one attempt per server and `reconnect_wait`,
 * for hours: a failure is logged when it is new, and then every 30 s with the number of attempts since.
 */
export class FailedAttempts {
  private readonly logged = new Map<string, { dueMs: number; repeated: number }>();

  /** The line for this attempt; undefined if the same was logged lately. */
  line({ connection, error: { message: error } }: FailedAttempt): object | undefined {
    const key = `${connection} ${error}`;
    const nowMs = performance.now();
    const known = this.logged.get(key);
    if (known !== undefined && nowMs < known.dueMs) {
      known.repeated++;
      return undefined;
    }
    if (known === undefined && this.logged.size >= MAX_REMEMBERED) this.logged.clear();
    this.logged.set(key, { dueMs: nowMs + REPEAT_MS, repeated: 0 });
    const repeated = known?.repeated ?? 0;
    return { msg: WHAT[connection], error, ...(repeated > 0 && { repeated }) };
  }

  /** A connection is back: its next outage is new. */
  connected(connection: FailedAttempt['connection']): void {
    for (const key of this.logged.keys()) {
      if (key.startsWith(`${connection} `)) this.logged.delete(key);
    }
  }
}
