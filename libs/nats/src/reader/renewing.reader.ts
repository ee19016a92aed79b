import type { PullReader, PullResult } from '../nats-client.interface.js';
import { NatsReadError } from '../nats.errors.js';

/** A reader, and the number of messages after which it must be replaced. */
export interface LimitedReader {
  readonly reader: PullReader;
  readonly goodFor: number;
}

/** Continues after the last message with a new consumer whenever the current one is used up. */
export class RenewingReader implements PullReader {
  private left: number;
  private last = 0;
  private isClosed = false;

  /** @param renew - creates the next reader, starting after this sequence */
  constructor(
    private current: LimitedReader,
    private readonly renew: (after: number) => Promise<LimitedReader>,
  ) {
    this.left = current.goodFor;
  }

  get pending(): number | undefined {
    return this.current.reader.pending;
  }

  get name(): string {
    return this.current.reader.name;
  }

  async pull(batch: number, maxBytes: number): Promise<PullResult> {
    if (this.left <= 0) await this.replace();
    const result = await this.current.reader.pull(batch, maxBytes);
    this.left -= result.messages.length;
    this.last = result.messages.at(-1)?.sequence ?? this.last;
    return result;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.current.reader.close();
  }

  /** Deletes the old one first: the stream may not allow another. */
  private async replace(): Promise<void> {
    await this.current.reader.close();
    if (!this.isClosed) {
      this.current = await this.renew(this.last);
      this.left = this.current.goodFor;
    }
    if (!this.isClosed) return;
    await this.current.reader.close();
    throw new NatsReadError('consumer_lost', `Reading ${this.name}: the reader was closed`);
  }
}
