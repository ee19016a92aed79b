import type { PullReader, PullResult } from '../nats-client.interface.js';

/** Messages per pull, also for the first one, when message sizes are unknown. */
const MAX_MESSAGES = 64;
const FIRST_MESSAGES = 8;

/**
 * Reads a consumer by number of messages only, for consumers that start with the newest message of each
 * subject. If a message does not fit into the rest of `max_bytes`, nats-server (up to 2.15.2) ends the pull
 * and drops the message from such a consumer's list, without a gap in the delivery sequence.
 *
 * The largest message of the previous pull bounds the bytes. A pull may exceed that if messages grow, by at
 * most {@link MAX_MESSAGES} of them.
 */
export class CountedReader implements PullReader {
  private most = FIRST_MESSAGES;

  constructor(private readonly reader: PullReader) {}

  get name(): string {
    return this.reader.name;
  }

  get pending(): number | undefined {
    return this.reader.pending;
  }

  async pull(batch: number, maxBytes: number): Promise<PullResult> {
    const result = await this.reader.pull(Math.min(batch, this.most), 0);
    const largest = Math.max(1, ...result.messages.map(({ data }) => data.length));
    const fitting = maxBytes > 0 ? Math.floor(maxBytes / largest) : MAX_MESSAGES;
    this.most = Math.max(1, Math.min(MAX_MESSAGES, fitting));
    return result;
  }

  close(): Promise<void> {
    return this.reader.close();
  }
}
