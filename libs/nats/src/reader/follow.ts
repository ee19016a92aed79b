import type { Msg } from 'nats';
import { Observable, type Subscriber } from 'rxjs';
import type { Link } from '../connection/link.js';
import { DeliveryReader } from '../jetstream/delivery.js';
import { nanosFromMs } from '../jetstream/nanos.js';
import type { FollowOptions } from '../nats-client.interface.js';
import { NatsReadError } from '../nats.errors.js';
import type { StreamMessage } from '../stream-message.js';
import type { EphemeralConsumer } from './ephemeral-consumer.js';
import { PullBudget, type PullRequest } from './pull-budget.js';
import { readPullStatus } from './pull-status.js';
import { Watchdog } from './watchdog.js';

const PREFETCH = 1000;
const PREFETCH_BYTES = 8 * 1024 * 1024;
const EXPIRES_MS = 30_000;

/**
 * Reads a consumer without end, by overlapping pulls. `open` runs on subscription; unsubscribing or
 * an error at any moment, also while the consumer is being made, deletes it on the server.
 */
export function follow(
  link: Link,
  options: FollowOptions,
  open: () => Promise<EphemeralConsumer>,
): Observable<StreamMessage> {
  return new Observable((subscriber) => {
    let reading: Reading | undefined;
    const consumer = open();
    consumer.then(
      (made) => {
        if (!subscriber.closed) reading = new Reading(link, made, options, subscriber);
      },
      (error: unknown) => subscriber.error(error),
    );
    return () => {
      reading?.stop();
      consumer.then(
        (made) => made.remove(),
        () => undefined,
      );
    };
  });
}

/** One consumer being read: pulls, order, heartbeats. */
class Reading {
  private readonly deliveries = new DeliveryReader();
  private readonly budget: PullBudget;
  private readonly pulls = new Map<string, PullRequest>();
  private readonly inbox: string;
  private readonly watchdog: Watchdog;
  private readonly releases: (() => void)[] = [];
  private readonly expiresMs: number;
  private expected = 1;
  private pullCount = 0;

  constructor(
    private readonly link: Link,
    private readonly consumer: EphemeralConsumer,
    private readonly options: FollowOptions,
    private readonly subscriber: Subscriber<StreamMessage>,
  ) {
    const beat = options.idleHeartbeatMs;
    // The server refuses a heartbeat longer than half of the pull's life.
    this.expiresMs = Math.max(EXPIRES_MS, 3 * beat);
    this.budget = new PullBudget(options.prefetch ?? PREFETCH, PREFETCH_BYTES);
    this.inbox = link.inbox();
    // Without heartbeats the end of each pull is the only regular sign of life.
    const silence = beat > 0 ? 2 * beat : this.expiresMs + 5000;
    this.watchdog = new Watchdog(silence, () =>
      this.fail('stalled', 'idle heartbeats were missed'),
    );
    this.releases.push(
      link.subscribe(`${this.inbox}.*`, (message) => this.take(message)),
      link.watch({
        onLost: () => this.fail('disconnected', 'the connection to NATS was lost'),
        onDenied: ({ subject }) => {
          const ours = [consumer.pullSubject, consumer.pullAlias, `${this.inbox}.*`];
          if (ours.includes(subject)) this.fail('refused', `no permission for "${subject}"`);
        },
      }),
    );
    if (link.alive) {
      // The server has just made the consumer; a quiet stream's first heartbeat is seconds away.
      options.onAlive?.();
      this.refill();
    } else {
      this.fail('disconnected', 'the connection to NATS was lost');
    }
  }

  stop(): void {
    this.watchdog.stop();
    for (const release of this.releases.splice(0)) release();
  }

  private take(message: Msg): void {
    if (this.subscriber.closed) return;
    this.watchdog.alive();
    const delivery = this.deliveries.read(message);
    if (delivery === undefined) {
      this.takeStatus(message);
    } else if (delivery.deliverySequence !== this.expected) {
      const jump = `${delivery.deliverySequence} came instead of ${this.expected}`;
      this.fail('sequence_gap', `the delivery sequence has a hole: ${jump}`);
      return;
    } else {
      this.expected++;
      this.budget.delivered();
      this.subscriber.next(delivery);
      this.options.onAlive?.();
    }
    if (!this.subscriber.closed) this.refill();
  }

  private takeStatus(message: Msg): void {
    const status = readPullStatus(message);
    switch (status.type) {
      case 'heartbeat':
        this.options.onAlive?.();
        return;
      case 'ended': {
        const pull = this.pulls.get(message.subject);
        this.pulls.delete(message.subject);
        const alone = this.budget.ended(status.unfilled, pull, status.unusedBytes);
        if (alone !== undefined) this.send(alone);
        return;
      }
      case 'failed':
        this.subscriber.error(status.error);
        return;
    }
  }

  private refill(): void {
    const pull = this.budget.refill();
    if (pull !== undefined) this.send(pull);
  }

  private send({ batch, maxBytes }: PullRequest): void {
    const beat = this.options.idleHeartbeatMs;
    const reply = `${this.inbox}.${++this.pullCount}`;
    const body = {
      batch,
      ...(maxBytes !== undefined && { max_bytes: maxBytes }),
      expires: nanosFromMs(this.expiresMs),
      ...(beat > 0 && { idle_heartbeat: nanosFromMs(beat) }),
    };
    this.remember(reply, { batch, ...(maxBytes !== undefined && { maxBytes }) });
    this.link.publish(this.consumer.pullSubject, JSON.stringify(body), reply);
  }

  /** A pull that is filled ends without a word, so old ones are forgotten by count. */
  private remember(reply: string, pull: PullRequest): void {
    this.pulls.set(reply, pull);
    const oldest = this.pulls.keys().next();
    if (this.pulls.size > 64 && !oldest.done) this.pulls.delete(oldest.value);
  }

  private fail(kind: 'stalled' | 'disconnected' | 'refused' | 'sequence_gap', why: string): void {
    this.stop();
    this.subscriber.error(new NatsReadError(kind, `Following ${this.options.stream}: ${why}`));
  }
}
