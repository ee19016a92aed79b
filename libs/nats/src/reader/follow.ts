import { Observable, type Subscriber } from 'rxjs';
import type { Link } from '../connection/link.js';
import type { Delivery } from '../jetstream/delivery.js';
import { nanosFromMs } from '../jetstream/nanos.js';
import type { FollowOptions } from '../nats-client.interface.js';
import type { NatsReadError } from '../nats.errors.js';
import type { StreamMessage } from '../stream-message.js';
import { ConsumerInbox, type ConsumerListener } from './consumer-inbox.js';
import type { EphemeralConsumer } from './ephemeral-consumer.js';
import { PullBudget, type PullRequest } from './pull-budget.js';
import type { PullSign } from './pull-status.js';
import { Watchdog } from './watchdog.js';

const PREFETCH = 1000;
const PREFETCH_BYTES = 8 * 1024 * 1024;
const EXPIRES_MS = 30_000;
/** Minimum duration of a probe after missed heartbeats, however short their interval is. */
const MIN_PROBE_MS = 250;

/**
 * Reads a consumer continuously with overlapping pulls. `open` runs on subscription. Unsubscribing or an
 * error at any time, even while the consumer is being created, deletes it on the server.
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

/** A consumer being read, with pulls and heartbeats. */
class Reading implements ConsumerListener {
  private readonly inbox: ConsumerInbox;
  private readonly budget: PullBudget;
  private readonly pulls = new Map<string, PullRequest>();
  private readonly watchdog: Watchdog;
  private readonly expiresMs: number;

  constructor(
    link: Link,
    consumer: EphemeralConsumer,
    private readonly options: FollowOptions,
    private readonly subscriber: Subscriber<StreamMessage>,
  ) {
    const beat = options.idleHeartbeatMs;
    // The server rejects a heartbeat longer than half of the pull's expiry.
    this.expiresMs = Math.max(EXPIRES_MS, 3 * beat);
    const prefetch = Math.min(options.prefetch ?? PREFETCH, consumer.maxBatch);
    this.budget = new PullBudget(prefetch, PREFETCH_BYTES);
    this.inbox = new ConsumerInbox(link, consumer, this);
    // Without heartbeats, the end of each pull is the only regular sign of life.
    const silence = beat > 0 ? 2 * beat : this.expiresMs + 5000;
    this.watchdog = new Watchdog(silence, () => {
      link.probe(beat > 0 ? Math.max(beat / 2, MIN_PROBE_MS) : undefined);
      this.inbox.fail('stalled', 'idle heartbeats were missed');
    });
    // The server has just created the consumer; a quiet stream's first heartbeat is seconds away.
    if (link.alive) options.onAlive?.();
    this.refill();
  }

  stop(): void {
    this.watchdog.stop();
    this.inbox.close();
  }

  onMessage(delivery: Delivery): void {
    this.watchdog.alive();
    this.budget.delivered(delivery.countedBytes);
    this.subscriber.next(delivery);
    this.options.onAlive?.();
    this.refill();
  }

  onStatus(status: PullSign, request: string): void {
    this.watchdog.alive();
    if (status.type === 'heartbeat') {
      this.options.onAlive?.();
    } else {
      const pull = this.pulls.get(request);
      this.pulls.delete(request);
      const alone = this.budget.ended(status.unfilled, pull, status.unusedBytes);
      if (alone !== undefined) this.send(alone);
    }
    this.refill();
  }

  onFailure(error: NatsReadError): void {
    this.stop();
    this.subscriber.error(error);
  }

  private refill(): void {
    // The receiver of the message may have unsubscribed.
    if (this.subscriber.closed) return;
    const pull = this.budget.refill();
    if (pull !== undefined) this.send(pull);
  }

  private send(pull: PullRequest): void {
    const { batch, maxBytes } = pull;
    const beat = this.options.idleHeartbeatMs;
    const request = this.inbox.pull({
      batch,
      ...(maxBytes !== undefined && { max_bytes: maxBytes }),
      expires: nanosFromMs(this.expiresMs),
      ...(beat > 0 && { idle_heartbeat: nanosFromMs(beat) }),
    });
    this.remember(request, pull);
  }

  /** A filled pull ends without a status, so old ones are removed by count. */
  private remember(request: string, pull: PullRequest): void {
    this.pulls.set(request, pull);
    const oldest = this.pulls.keys().next();
    if (this.pulls.size > 64 && !oldest.done) this.pulls.delete(oldest.value);
  }
}
