import type { PullReader, PullResult } from '../nats-client.interface.js';

/** Messages asked for at once, and at first, while nothing is known of their size. */
const MOST_MESSAGES = 64;
const FIRST_MESSAGES = 8;

/**
 * Reads a consumer by number of messages alone, for consumers that start with the newest message of each
 * subject. Where a message does not fit into what is left of `max_bytes`, nats-server (2.15.2 and before)
 * ends the pull and drops that message from such a consumer's list, with no gap in the delivery sequence.
 *
 * Bytes are bounded by the largest message of the pull before: a pull may exceed the bound where messages
 * grow, by what {@link MOST_MESSAGES} of them come to.
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
    const fitting = maxBytes > 0 ? Math.floor(maxBytes / largest) : MOST_MESSAGES;
    this.most = Math.max(1, Math.min(MOST_MESSAGES, fitting));
    return result;
  }

  close(): Promise<void> {
    return this.reader.close();
  }
}
