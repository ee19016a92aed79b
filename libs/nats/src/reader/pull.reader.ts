import type { Msg } from 'nats';
import type { Link } from '../connection/link.js';
import { DeliveryReader } from '../jetstream/delivery.js';
import type { PullReader, PullResult } from '../nats-client.interface.js';
import { NatsReadError, type NatsReadErrorKind } from '../nats.errors.js';
import type { StreamMessage } from '../stream-message.js';
import type { EphemeralConsumer } from './ephemeral-consumer.js';
import { readPullStatus } from './pull-status.js';
import { Watchdog } from './watchdog.js';

/** A pull under way. */
interface Pulling {
  readonly reply: string;
  readonly batch: number;
  readonly messages: StreamMessage[];
  readonly watchdog: Watchdog;
  resolve(result: PullResult): void;
  reject(error: NatsReadError): void;
}

/** Reads a consumer by explicit pulls, one at a time (contract §5: no faster than its client). */
export class ConsumerPullReader implements PullReader {
  private readonly deliveries = new DeliveryReader();
  private readonly inbox: string;
  private readonly releases: (() => void)[];
  private pulling: Pulling | undefined;
  private failure: NatsReadError | undefined;
  private removed: Promise<void> | undefined;
  private expected = 1;
  private pullCount = 0;

  constructor(
    private readonly link: Link,
    private readonly consumer: EphemeralConsumer,
    private readonly silenceMs: number,
  ) {
    this.inbox = link.inbox();
    this.releases = [
      link.subscribe(`${this.inbox}.*`, (message) => this.take(message)),
      link.watch({
        onLost: () => this.fail('disconnected', 'the connection to NATS was lost'),
        onDenied: ({ subject }) => {
          const ours = [consumer.pullSubject, consumer.pullAlias, `${this.inbox}.*`];
          if (ours.includes(subject)) this.fail('refused', `no permission for "${subject}"`);
        },
      }),
    ];
    if (!link.alive) this.fail('disconnected', 'the connection to NATS was lost');
  }

  get name(): string {
    return this.consumer.name;
  }

  pull(batch: number, maxBytes: number): Promise<PullResult> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (this.pulling !== undefined) {
      return Promise.reject(new NatsReadError('refused', 'a pull is under way already'));
    }
    return new Promise((resolve, reject) => {
      const watchdog = new Watchdog(this.silenceMs, () =>
        this.fail('timeout', 'the server did not answer a pull in time'),
      );
      const reply = this.nextReply();
      this.pulling = { reply, batch, messages: [], watchdog, resolve, reject };
      this.send(reply, maxBytes > 0 ? { batch, max_bytes: maxBytes } : { batch });
    });
  }

  async close(): Promise<void> {
    this.fail('consumer_lost', 'the reader was closed');
    this.removed ??= this.consumer.remove();
    await this.removed;
  }

  private nextReply(): string {
    return `${this.inbox}.${++this.pullCount}`;
  }

  private send(reply: string, body: { batch: number; max_bytes?: number }): void {
    const payload = JSON.stringify({ ...body, no_wait: true });
    this.link.publish(this.consumer.pullSubject, payload, reply);
  }

  private take(message: Msg): void {
    const { pulling } = this;
    const delivery = this.deliveries.read(message);
    if (delivery === undefined) {
      this.takeStatus(message);
    } else if (delivery.deliverySequence !== this.expected) {
      const jump = `${delivery.deliverySequence} came instead of ${this.expected}`;
      this.fail('sequence_gap', `the delivery sequence has a hole: ${jump}`);
    } else if (pulling === undefined) {
      this.fail('sequence_gap', 'a message came that nobody had asked for');
    } else {
      this.expected++;
      pulling.watchdog.alive();
      pulling.messages.push(delivery);
      if (pulling.messages.length === pulling.batch) this.finish(false);
    }
  }

  private takeStatus(message: Msg): void {
    const status = readPullStatus(message);
    if (status.type === 'failed') {
      this.failWith(status.error);
      return;
    }
    // The status of an earlier pull, which ended by its count, says nothing about this one.
    if (status.type === 'heartbeat' || message.subject !== this.pulling?.reply) return;
    if (status.why === 'full' && this.pulling.messages.length === 0) this.pullAlone(this.pulling);
    else this.finish(status.why !== 'full');
  }

  /** The next message is larger than the bound: it comes alone, without one. */
  private pullAlone(pulling: Pulling): void {
    const reply = this.nextReply();
    pulling.watchdog.alive();
    this.pulling = { ...pulling, reply, batch: 1 };
    this.send(reply, { batch: 1 });
  }

  private finish(dry: boolean): void {
    const { pulling } = this;
    this.pulling = undefined;
    pulling?.watchdog.stop();
    pulling?.resolve({ messages: pulling.messages, dry });
  }

  private fail(kind: NatsReadErrorKind, why: string): void {
    this.failWith(new NatsReadError(kind, `Reading ${this.name}: ${why}`));
  }

  /** What came in order before the failure is returned first; the next pull then rejects. */
  private failWith(error: NatsReadError): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    for (const release of this.releases.splice(0)) release();
    const { pulling } = this;
    this.pulling = undefined;
    pulling?.watchdog.stop();
    if (pulling === undefined) return;
    if (pulling.messages.length > 0) pulling.resolve({ messages: pulling.messages, dry: false });
    else pulling.reject(error);
  }
}
