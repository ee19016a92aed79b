import type { Msg } from 'nats';
import type { Link } from '../connection/link.js';
import { DeliveryReader, type Delivery } from '../jetstream/delivery.js';
import { NatsReadError, type NatsReadErrorKind } from '../nats.errors.js';
import type { EphemeralConsumer } from './ephemeral-consumer.js';
import { readPullStatus, type PullSign } from './pull-status.js';

/** Callbacks from a consumer to its reader, all synchronous. */
export interface ConsumerListener {
  /** A message, in order and without a gap before it. */
  onMessage(delivery: Delivery): void;
  /** @param pull - the ID of the request that this status refers to */
  onStatus(status: PullSign, pull: string): void;
  /** The consumer was lost, refused, or delivered out of order. Called once, as the last callback. */
  onFailure(error: NatsReadError): void;
}

/** Connects a reader with its consumer: sends pulls and receives deliveries. */
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

  /** Requests messages and returns the ID of this request. */
  pull(request: object): string {
    const reply = `${this.subject}.${++this.pulls}`;
    if (this.link.alive)
      this.link.publish(this.consumer.pullSubject, JSON.stringify(request), reply);
    else this.fail('disconnected', 'the connection to NATS was lost');
    return reply;
  }

  /** Ends it with a failure found by its reader. */
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
      const jump = `${delivery.deliverySequence} arrived instead of ${this.expected}`;
      this.fail('sequence_gap', `the delivery sequence has a gap: ${jump}`);
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
