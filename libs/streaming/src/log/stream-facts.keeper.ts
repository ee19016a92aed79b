import { NatsReadError, type NatsClient, type StreamFacts } from '@nuts/nats';
import { FreshRead } from './fresh-read.js';

/**
 * The latest stream info, shared by all requests, and how to refresh it. A different stream under the same
 * name is not adopted until the tail resets, which resets everything at once.
 */
export class StreamFactsKeeper {
  private readonly reads: FreshRead<StreamFacts>;
  private known: StreamFacts | undefined;
  private failure: NatsReadError | undefined;
  private firstEver: number | undefined;
  private lastMs = 0;

  constructor(
    private readonly client: NatsClient,
    private readonly stream: string,
    /** Called with each stream info of the adopted stream. */
    private readonly onRead: (facts: StreamFacts) => void = () => undefined,
  ) {
    this.reads = new FreshRead(() => this.read());
  }

  /** The latest stream info; it may lag behind the stream. */
  get facts(): StreamFacts | undefined {
    return this.known;
  }

  /** Why the last request failed. */
  get trouble(): NatsReadError | undefined {
    return this.failure;
  }

  /** How long the last successful request took, in ms. */
  get readMs(): number {
    return this.lastMs;
  }

  /** Stream info requested after this call; shared by concurrent callers. */
  refresh(): Promise<StreamFacts> {
    return this.reads.afterNow();
  }

  /**
   * The same for a waiting client. After a request without a response, it rejects immediately until one
   * succeeds; otherwise a frozen server would hold every request until its timeout.
   */
  afterNow(): Promise<StreamFacts> {
    if (this.failure?.kind === 'timeout') return Promise.reject(this.failure);
    return this.refresh();
  }

  /**
   * The lowest sequence that the stream holds or could hold. An initially empty filtered mirror starts at
   * its origin's sequence: no message is missing before the first one that it stored.
   */
  retainedFrom(facts: StreamFacts): number {
    return facts.firstSequence === this.firstEver ? 1 : facts.firstSequence;
  }

  /** Adopts this stream. */
  adopt(facts: StreamFacts): void {
    this.known = facts;
    this.firstEver = undefined;
    this.failure = undefined;
  }

  /** Whether the stream info is of the adopted stream. */
  isCurrent(facts: StreamFacts): boolean {
    return facts.created === this.known?.created;
  }

  private async read(): Promise<StreamFacts> {
    const asked = performance.now();
    try {
      const facts = await this.client.streamFacts(this.stream);
      this.lastMs = performance.now() - asked;
      this.failure = undefined;
      if (this.isCurrent(facts)) {
        // An ordinary stream starts at 1, so messages missing before its first one were removed.
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
