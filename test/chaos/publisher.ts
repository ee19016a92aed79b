import { disposeAtEnd } from '../support/disposal.js';
import type { Broker } from './broker.js';

/** The messages and their rate. */
export interface Load {
  readonly subjects: readonly string[];
  readonly perSecond: number;
  readonly payload?: string;
}

/** An acknowledgment that has not arrived by then was lost with a server. */
const PATIENCE_MS = 2000;

/**
 * Publishes steadily until it is stopped, acknowledged, and goes on after whatever happens to the
 * server. A publish without an answer may be stored or not: only the stream knows.
 */
export class Publisher {
  /** Acknowledged sequences by subject, in order of arrival. */
  readonly acknowledged: { readonly subject: string; readonly sequence: number }[] = [];
  private running: Promise<void>;
  private stopped = false;
  private underWay = 0;

  constructor(
    private readonly broker: Broker,
    private readonly load: Load,
  ) {
    this.running = this.run();
    disposeAtEnd(() => this.stop());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    const began = performance.now();
    const { subjects, perSecond } = this.load;
    const mostUnderWay = Math.max(100, perSecond / 5);
    let published = 0;
    let skipped = 0;
    while (!this.stopped) {
      const due = ((performance.now() - began) * perSecond) / 1000 - skipped;
      while (published < due && this.underWay < mostUnderWay) {
        void this.publishOne(subjects[published % subjects.length] as string, published);
        published += 1;
      }
      // Messages that an outage prevented are not published afterwards.
      if (published < due) skipped += Math.floor(due - published);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    while (this.underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  private async publishOne(subject: string, n: number): Promise<void> {
    this.underWay += 1;
    try {
      const payload = this.load.payload ?? JSON.stringify({ n, filler: 'x'.repeat(n % 200) });
      this.acknowledged.push({
        subject,
        sequence: await this.broker.publish(subject, payload, PATIENCE_MS),
      });
    } catch {
      // Not acknowledged: the stream tells in the end.
    } finally {
      this.underWay -= 1;
    }
  }
}
