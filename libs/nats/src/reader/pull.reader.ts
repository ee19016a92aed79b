import type { Link } from '../connection/link.js';
import type { Delivery } from '../jetstream/delivery.js';
import type { PullReader, PullResult } from '../nats-client.interface.js';
import { NatsReadError } from '../nats.errors.js';
import type { StreamMessage } from '../stream-message.js';
import { ConsumerInbox, type ConsumerListener } from './consumer-inbox.js';
import type { EphemeralConsumer } from './ephemeral-consumer.js';
import type { PullSign } from './pull-status.js';
import { Watchdog } from './watchdog.js';

/** After this silence, ask the server whether the consumer still exists, in ms. */
const ASK_AFTER_MS = 300;

/** A pending pull. */
interface Pulling {
  batch: number;
  /** Remaining part of `max_bytes`; infinite without a limit. */
  bytesLeft: number;
  readonly messages: StreamMessage[];
  watchdog: Watchdog;
  /** The request that its final status refers to. */
  request?: string;
  resolve(result: PullResult): void;
  reject(error: NatsReadError): void;
}

/** Reads a consumer by explicit pulls, one at a time (contract §5: no faster than its client). */
export class ConsumerPullReader implements PullReader, ConsumerListener {
  private readonly inbox: ConsumerInbox;
  private pulling: Pulling | undefined;
  private failure: NatsReadError | undefined;
  private removed: Promise<void> | undefined;

  constructor(
    private readonly link: Link,
    private readonly consumer: EphemeralConsumer,
    private readonly silenceMs: number,
  ) {
    this.inbox = new ConsumerInbox(link, consumer, this);
  }

  get name(): string {
    return this.consumer.name;
  }

  get pending(): number | undefined {
    return this.consumer.pending;
  }

  pull(most: number, maxBytes: number): Promise<PullResult> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (this.pulling !== undefined) {
      return Promise.reject(new NatsReadError('refused', 'a pull is already in progress'));
    }
    const batch = Math.min(most, this.consumer.maxBatch);
    return new Promise((resolve, reject) => {
      const watchdog = new Watchdog(ASK_AFTER_MS, () => this.ask());
      const bytesLeft = maxBytes > 0 ? maxBytes : Infinity;
      this.pulling = { batch, bytesLeft, messages: [], watchdog, resolve, reject };
      this.send(this.pulling, maxBytes > 0 ? { batch, max_bytes: maxBytes } : { batch });
    });
  }

  async close(): Promise<void> {
    this.inbox.fail('consumer_lost', 'the reader was closed');
    this.removed ??= this.consumer.remove();
    await this.removed;
  }

  onMessage(delivery: Delivery): void {
    const { pulling } = this;
    if (pulling === undefined) {
      this.inbox.fail('sequence_gap', 'an unrequested message arrived');
      return;
    }
    pulling.watchdog.alive();
    pulling.messages.push(delivery);
    pulling.bytesLeft -= delivery.countedBytes;
    // A pull whose messages or bytes are used up exactly ends without a status.
    const isUsedUp = pulling.messages.length === pulling.batch || pulling.bytesLeft === 0;
    if (isUsedUp) this.finish(pulling, false);
  }

  onStatus(status: PullSign, request: string): void {
    const { pulling } = this;
    // The status of an earlier pull, which ended by its count, does not concern this one.
    if (status.type === 'heartbeat' || request !== pulling?.request) return;
    if (status.why !== 'full' || pulling.messages.length > 0) {
      this.finish(pulling, status.why !== 'full');
      return;
    }
    // The next message exceeds the limit: request it alone, without one.
    pulling.watchdog.alive();
    pulling.batch = 1;
    pulling.bytesLeft = Infinity;
    this.send(pulling, { batch: 1 });
  }

  /** Messages that arrived in order before the failure are returned first; the next pull rejects. */
  onFailure(error: NatsReadError): void {
    this.failure = error;
    const { pulling } = this;
    if (pulling === undefined) return;
    if (pulling.messages.length > 0) this.finish(pulling, false);
    else {
      this.pulling = undefined;
      pulling.watchdog.stop();
      pulling.reject(error);
    }
  }

  private send(pulling: Pulling, bounds: { batch: number; max_bytes?: number }): void {
    pulling.request = this.inbox.pull({ ...bounds, no_wait: true });
  }

  private finish(pulling: Pulling, dry: boolean): void {
    this.pulling = undefined;
    pulling.watchdog.stop();
    pulling.resolve({ messages: pulling.messages, dry });
  }

  /** Wait for a slow server, but not for a deleted consumer (see `EphemeralConsumer.isLost`). */
  private ask(): void {
    if (this.pulling === undefined) return;
    this.pulling.watchdog = new Watchdog(this.silenceMs, () => {
      this.link.probe();
      this.inbox.fail('timeout', 'the server did not respond to a pull in time');
    });
    void this.consumer.isLost().then((isLost) => {
      if (isLost) this.inbox.fail('consumer_lost', 'the consumer no longer exists on the server');
    });
  }
}
