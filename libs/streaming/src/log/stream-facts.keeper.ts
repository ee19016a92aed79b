import { NatsReadError, type NatsClient, type StreamFacts } from '@nuts/nats';
import { FreshRead } from './fresh-read.js';

/**
 * What is known of a stream, shared by all requests, and how to learn more. It keeps to one stream:
 * another one under the same name is not adopted before the tail says so, which resets everything at
 * one moment.
 */
export class StreamFactsKeeper {
  private readonly reads: FreshRead<StreamFacts>;
  private known: StreamFacts | undefined;
  private failure: NatsReadError | undefined;
  private firstEver: number | undefined;

  constructor(
    private readonly client: NatsClient,
    private readonly stream: string,
    /** Hears of every reading of the adopted stream. */
    private readonly onRead: (facts: StreamFacts) => void = () => undefined,
  ) {
    this.reads = new FreshRead(() => this.read());
  }

  /** The last reading; it may lag behind the stream. */
  get facts(): StreamFacts | undefined {
    return this.known;
  }

  /** Why the last reading failed. */
  get trouble(): NatsReadError | undefined {
    return this.failure;
  }

  /** A reading that began after this call; shared by all who ask meanwhile. */
  refresh(): Promise<StreamFacts> {
    return this.reads.afterNow();
  }

  /**
   * The same for a client that waits for its answer: after a reading that nobody answered it rejects
   * at once, until one succeeds. A frozen server would otherwise hold every request for its timeout.
   */
  afterNow(): Promise<StreamFacts> {
    if (this.failure?.kind === 'timeout') return Promise.reject(this.failure);
    return this.refresh();
  }

  /**
   * The lowest sequence that the stream still holds, or could hold. A filtered mirror that was empty begins at its
   * origin's sequence: nothing is missing before the first message that it ever stored.
   */
  retainedFrom(facts: StreamFacts): number {
    return facts.firstSequence === this.firstEver ? 1 : facts.firstSequence;
  }

  /** From now on, this is the stream. */
  adopt(facts: StreamFacts): void {
    this.known = facts;
    this.firstEver = undefined;
    this.failure = undefined;
  }

  /** True for facts of the stream that was adopted. */
  isCurrent(facts: StreamFacts): boolean {
    return facts.created === this.known?.created;
  }

  private async read(): Promise<StreamFacts> {
    try {
      const facts = await this.client.streamFacts(this.stream);
      this.failure = undefined;
      if (this.isCurrent(facts)) {
        // An ordinary stream begins at 1: what is missing before its first message was removed.
        const wasEmpty = this.known?.lastSequence === 0;
        if (facts.hasSources && wasEmpty && facts.messages > 0) {
          this.firstEver = facts.firstSequence;
        }
        this.known = facts;
        this.onRead(facts);
      }
      return facts;
    } catch (error) {
      this.failure =
        error instanceof NatsReadError
          ? error
          : new NatsReadError('refused', String(error), { cause: error });
      throw this.failure;
    }
  }
}
