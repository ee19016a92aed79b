import { Emitter, type Unsubscribe } from '../emitter.js';
import type { HubError } from '../hub-error.js';
import type { Feed } from './feed.js';
import { MessageQueue } from './message-queue.js';
import type { Gap, Live, Message, Reset } from './message.interface.js';

/** What a subscription tells. */
export interface SubscriptionEvents<Payload = unknown> {
  readonly message: Message<Payload>;
  /** Something was not delivered. */
  readonly gap: Gap;
  /** The stream was made anew or set back. */
  readonly reset: Reset;
  /** What `start` asked for is complete; once. */
  readonly live: Live;
  /** The hub refused the topics: the subscription is over. */
  readonly error: HubError;
}

/** What a subscription needs of its hub. */
export interface SubscriptionOwner {
  /** It is over. */
  left(): void;
}

/**
 * Messages of some topics, each once and in order: by `for await`, or by `on('message')`. What arrives
 * before the first of them is kept for it.
 */
export class Subscription<Payload = unknown> implements AsyncIterable<Message<Payload>> {
  readonly #events = new Emitter<SubscriptionEvents<Payload>>();
  readonly #queues = new Set<MessageQueue<Payload>>();
  #backlog: Message<Payload>[] | undefined = [];
  #ended: { readonly error: HubError | undefined } | undefined;

  /** Made by {@link Hub.subscribe}. */
  constructor(
    readonly topics: readonly string[],
    private readonly owner: SubscriptionOwner,
  ) {}

  /** Registers a listener; the returned function removes it. */
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
   * Ends when the subscription is closed, and throws a `HubError` when the hub refuses the topics.
   * Leaving the loop closes the subscription, unless it has listeners or another loop.
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

  /** Ends it; the hub's other subscriptions go on without a pause. */
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
  tell<Name extends 'gap' | 'reset' | 'live'>(
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
   * The id up to which the application is finished: loops may lag behind the feed.
   * @internal
   */
  finished(feed: Feed): string | undefined {
    if (this.#backlog?.length) return undefined;
    for (const queue of this.#queues) if (!queue.isIdle) return queue.handled;
    return feed.position;
  }

  #leave(queue: MessageQueue<Payload>): void {
    // Closed while the queue still tells what its loop is finished with.
    if (!this.#queues.has(queue)) return;
    if (this.#queues.size === 1 && !this.#events.has('message')) this.close();
    this.#queues.delete(queue);
  }
}
