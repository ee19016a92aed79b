import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { disposeAtEnd } from '../support/disposal.js';

/** Timeout of an attempt, in ms: shorter than the service's own timeout. */
const PATIENCE_MS = 3000;
const PAUSE_MS = 50;

/**
 * Publishes numbered messages over HTTP, one after the other, and repeats each under its idempotency
 * key until it is sure that it is stored. Ends with the test file.
 */
export class HttpPublisher {
  /** The keys of the messages that are stored, with their ids, in the order in which they were sent. */
  readonly stored = new Map<string, string>();
  /** Number of responses by status; `lost` for no response. */
  readonly outcomes = new Map<string, number>();
  private stopped = false;
  private readonly running: Promise<void>;

  /** @param target the URL of a hub and a topic */
  constructor(private readonly target: string) {
    this.running = this.run();
    disposeAtEnd(() => this.stop());
  }

  /** Resolves when the current message is stored. */
  stop(): Promise<void> {
    this.stopped = true;
    return this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const key = randomUUID();
      this.stored.set(key, await this.publishUntilSure(key));
    }
  }

  private async publishUntilSure(key: string): Promise<string> {
    for (;;) {
      const answer = await fetch(this.target, {
        method: 'POST',
        body: JSON.stringify({ key }),
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        signal: AbortSignal.timeout(PATIENCE_MS),
      }).catch(() => undefined);
      const body = await answer?.json().catch(() => undefined);
      this.count(String(answer?.status ?? 'lost'));
      if (answer?.ok) return (body as { id: string }).id;
      await pause(PAUSE_MS);
    }
  }

  private count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }
}
