import { Emitter, type Unsubscribe } from '../emitter.js';
import type { HubError } from '../hub-error.js';
import type { Feed } from './feed.js';
import { MessageQueue } from './message-queue.js';
import type { Gap, Live, Message, Reset } from './message.interface.js';

/** The events of a subscription. */
export interface SubscriptionEvents<Payload = unknown> {
  readonly message: Message<Payload>;
  /** A message was not delivered. */
  readonly gap: Gap;
  /** The stream was recreated or rewound. */
  readonly reset: Reset;
  /** Everything requested with `start` has arrived; emitted once. */
  readonly live: Live;
  /** The hub refused the topics: the subscription has ended. */
  readonly error: HubError;
}

/** A subscription's interface to its hub. */
export interface SubscriptionOwner {
  /** The subscription has ended. */
  left(): void;
}

/**
 * The messages of topics, each once and in order, with `for await` or `on('message')`. Messages that arrive
 * before either is used are kept.
 */
export class Subscription<Payload = unknown> implements AsyncIterable<Message<Payload>> {
  readonly #events = new Emitter<SubscriptionEvents<Payload>>();
  readonly #queues = new Set<MessageQueue<Payload>>();
  #backlog: Message<Payload>[] | undefined = [];
  #ended: { readonly error: HubError | undefined } | undefined;

  /** Use {@link Hub.subscribe}. */
  constructor(
    readonly topics: readonly string[],
    private readonly owner: SubscriptionOwner,
  ) {}

  /** Adds a listener; the returned function removes it. */
  on<Name extends keyof SubscriptionEvents<Payload>>(
    name: Name,
    listener: (value: SubscriptionEvents<Payload>[Name]) => void,
  ): Unsubscribe {
    const off = this.#events.on(name, listener);
    if (name === 'message') {
      const backlog = this.#backlog ?? [];
      this.#backlog = undefined;
      for (const message of backlog) this.#events.emit('message', message);
    }
    return off;
  }

  /**
   * Ends when the subscription is closed, and throws a `HubError` if the hub refuses the topics. Leaving
   * the loop closes the subscription, unless it has listeners or another loop.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message<Payload>, undefined> {
    const queue = new MessageQueue<Payload>(this.#backlog ?? [], () => this.#leave(queue));
    this.#backlog = undefined;
    if (this.#ended) queue.finish(this.#ended.error);
    else this.#queues.add(queue);
    return queue;
  }

  /** @internal */
  get isClosed(): boolean {
    return this.#ended !== undefined;
  }

  /** Closes the subscription; the hub's other subscriptions continue without a pause. */
  close(): void {
    this.end(undefined);
  }

  /** @internal */
  deliver(message: Message): void {
    const own = message as Message<Payload>;
    this.#backlog?.push(own);
    for (const queue of this.#queues) queue.push(own);
    this.#events.emit('message', own);
  }

  /** @internal */
  notify<Name extends 'gap' | 'reset' | 'live'>(
    name: Name,
    value: SubscriptionEvents<Payload>[Name],
  ): void {
    this.#events.emit(name, value);
  }

  /** @internal */
  end(error: HubError | undefined): void {
    if (this.#ended) return;
    this.#ended = { error };
    this.owner.left();
    for (const queue of this.#queues) queue.finish(error);
    this.#queues.clear();
    if (error) this.#events.emit('error', error);
  }

  /**
   * The ID up to which the application has processed messages; loops may lag behind the feed.
   *
   * @internal
   */
  finished(feed: Feed): string | undefined {
    if (this.#backlog?.length) return undefined;
    for (const queue of this.#queues) if (!queue.isIdle) return queue.handled;
    return feed.position;
  }

  #leave(queue: MessageQueue<Payload>): void {
    // Closed before the queue is removed, so that its position is still known.
    if (!this.#queues.has(queue)) return;
    if (this.#queues.size === 1 && !this.#events.has('message')) this.close();
    this.#queues.delete(queue);
  }
}
