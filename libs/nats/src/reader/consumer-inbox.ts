import type { Msg } from 'nats';
import type { Link } from '../connection/link.js';
import { DeliveryReader, type Delivery } from '../jetstream/delivery.js';
import { NatsReadError, type NatsReadErrorKind } from '../nats.errors.js';
import type { EphemeralConsumer } from './ephemeral-consumer.js';
import { readPullStatus, type PullSign } from './pull-status.js';

/** What a reader hears of its consumer; all calls are synchronous. */
export interface ConsumerListener {
  /** A message, in order: nothing was left out before it. */
  onMessage(delivery: Delivery): void;
  /** @param pull - what `pull` returned for the request that this is about */
  onStatus(status: PullSign, pull: string): void;
  /** The end: lost, refused, or out of order. Comes once, and nothing comes after it. */
  onFailure(error: NatsReadError): void;
}

/** The wire between a reader and its consumer: pulls go out, what the server sends comes in. */
export class ConsumerInbox {
  private readonly deliveries = new DeliveryReader();
  private readonly subject: string;
  private readonly releases: (() => void)[];
  private isOpen = true;
  private expected = 1;
  private pulls = 0;

  constructor(
    private readonly link: Link,
    private readonly consumer: EphemeralConsumer,
    private readonly listener: ConsumerListener,
  ) {
    this.subject = link.inbox();
    const all = `${this.subject}.*`;
    const ours = [consumer.pullSubject, consumer.pullAlias, all];
    this.releases = [
      link.subscribe(all, (message) => this.take(message)),
      link.watch({
        onLost: () => this.fail('disconnected', 'the connection to NATS was lost'),
        onDenied: ({ subject }) => {
          if (ours.includes(subject)) this.fail('refused', `no permission for "${subject}"`);
        },
      }),
    ];
  }

  /** Asks for messages, and returns the name of this request. */
  pull(request: object): string {
    const reply = `${this.subject}.${++this.pulls}`;
    if (this.link.alive)
      this.link.publish(this.consumer.pullSubject, JSON.stringify(request), reply);
    else this.fail('disconnected', 'the connection to NATS was lost');
    return reply;
  }

  /** Ends it with a failure that its reader found. */
  fail(kind: NatsReadErrorKind, why: string): void {
    const { stream, name } = this.consumer;
    this.failWith(new NatsReadError(kind, `Reading ${stream} (${name}): ${why}`));
  }

  close(): void {
    this.isOpen = false;
    for (const release of this.releases.splice(0)) release();
  }

  private take(message: Msg): void {
    if (!this.isOpen) return;
    const delivery = this.deliveries.read(message);
    if (delivery === undefined) {
      const status = readPullStatus(message);
      if (status.type === 'failed') this.failWith(status.error);
      else this.listener.onStatus(status, message.subject);
    } else if (delivery.deliverySequence !== this.expected) {
      const jump = `${delivery.deliverySequence} came instead of ${this.expected}`;
      this.fail('sequence_gap', `the delivery sequence has a hole: ${jump}`);
    } else {
      this.expected++;
      this.listener.onMessage(delivery);
    }
  }

  private failWith(error: NatsReadError): void {
    if (!this.isOpen) return;
    this.close();
    this.listener.onFailure(error);
  }
}
