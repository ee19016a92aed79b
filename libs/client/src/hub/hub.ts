import { CursorKeeper, type TopicPosition } from '../cursor/cursor-keeper.js';
import { Emitter, type Unsubscribe } from '../emitter.js';
import { HubError } from '../hub-error.js';
import { followPage } from '../page/page-events.js';
import { askService, type AskOptions, type Reply } from '../requests/ask.js';
import { fetchHistory, type HistoryOptions, type HistoryPage } from '../requests/history.js';
import { HubRequests } from '../requests/hub-requests.js';
import { publishMessage, type Published, type PublishOptions } from '../requests/publish.js';
import { TokenSource } from '../requests/token-source.js';
import { LateStream } from '../share/late-stream.js';
import { tabLocks, type TabLocks } from '../share/tab-locks.js';
import { ResumableStream } from '../stream/resumable-stream.js';
import type { PageStream, TopicStreamListener } from '../stream/topic-stream.interface.js';
import { Subscription } from '../subscription/subscription.js';
import { FeedGroup, type Member } from '../subscription/feed-group.js';
import { HubAddress } from './hub-address.js';
import type { ConnectOptions } from './hub-options.interface.js';
import { CLOSED, type HubState } from './hub-state.js';

/** Where a subscription starts, and when it ends. */
export interface SubscribeOptions {
  /**
   * `live`, `all`, `last`, `last:N`, a duration such as `PT5M`, or a time (contract §9). Default: the hub's
   * `default_start`. A position stored in `cursor` wins, as in the contract; with `last`, the values of
   * topics that have not changed since then come first.
   */
  readonly start?: string;
  /** Closes the subscription. */
  readonly signal?: AbortSignal;
}

/** The events of a hub. */
export interface HubEvents {
  readonly state: HubState;
}

/** A hub, over one connection that is open while there are subscriptions. */
export class Hub {
  readonly #address: HubAddress;
  readonly #requests: HubRequests;
  readonly #events = new Emitter<HubEvents>();
  readonly #feeds: FeedGroup;
  readonly #stream: PageStream;
  readonly #keeper: CursorKeeper;
  readonly #leavePage: () => void;
  #current: HubState = CLOSED;
  #closed = false;

  /** Use {@link connect}. */
  constructor(url: string | URL, options: ConnectOptions) {
    this.#address = new HubAddress(url);
    this.#requests = new HubRequests(options, new TokenSource(options.token));
    this.#keeper = new CursorKeeper(options.cursor, this.#address.name, () => this.#positions());
    const { heartbeatMs = 30_000, share } = options;
    const locks = share ? tabLocks() : undefined;
    this.#feeds = new FeedGroup({
      isShared: locks !== undefined,
      page: (topics, page) => this.history(topics, page),
      state: (state) => this.#setState(state),
      moved: () => this.#keeper.moved(),
      left: (member) => this.#keeper.end(positionsOf(member)),
      follow: (topics, restart) => this.#stream.follow(topics, restart),
    });
    this.#stream = locks ? this.#shared(locks, heartbeatMs) : this.#own(this.#feeds);
    this.#leavePage = followPage({
      wake: (networkChanged) => this.#stream.wake(networkChanged),
      hide: () => {
        this.#keeper.write();
        this.#stream.suspend();
      },
    });
  }

  /** The state of the connection. */
  get state(): HubState {
    return this.#current;
  }

  /** Adds a listener; the returned function removes it. */
  on<Name extends keyof HubEvents>(
    name: Name,
    listener: (value: HubEvents[Name]) => void,
  ): Unsubscribe {
    return this.#events.on(name, listener);
  }

  /** Subscribes to one or more topics. All subscriptions share the hub's connection. */
  subscribe<Payload = unknown>(
    topics: string | readonly string[],
    { start, signal }: SubscribeOptions = {},
  ): Subscription<Payload> {
    if (this.#closed) throw new HubError('closed', 'the hub is closed: connect again');
    const list = [...new Set([topics].flat())];
    if (list.length === 0) throw new TypeError('a subscription needs a topic');
    const close = (): void => subscription.close();
    const subscription = new Subscription<Payload>(list, {
      left: () => {
        signal?.removeEventListener('abort', close);
        this.#feeds.remove(subscription as Subscription);
      },
    });
    if (signal?.aborted) close();
    else signal?.addEventListener('abort', close);
    this.#keeper.ready(() => {
      if (subscription.isClosed) return;
      this.#feeds.add(subscription as Subscription, start, this.#keeper.take(list));
    });
    return subscription;
  }

  /** Fetches a page of history. Rejects with a `HubError`. */
  history<Payload = unknown>(
    topics: string | readonly string[],
    options: HistoryOptions = {},
  ): Promise<HistoryPage<Payload>> {
    return fetchHistory(this.#address, this.#requests, [topics].flat(), options);
  }

  /**
   * Publishes one message: bytes unchanged, anything else as JSON. Rejects with a `HubError`; 412 if
   * `ifMatch` or `ifNoneMatch` fails.
   */
  publish(topic: string, payload: unknown, options?: PublishOptions): Promise<Published> {
    return publishMessage(this.#address, this.#requests, topic, payload, options);
  }

  /** Sends a request to a service; for a hub that was connected with a service's URL (contract §11). */
  ask<Payload = unknown>(
    subject: string,
    question?: unknown,
    options?: AskOptions,
  ): AsyncGenerator<Reply<Payload>, void, undefined> {
    return askService(this.#address, this.#requests, subject, question, options);
  }

  /** Closes all subscriptions and the connection. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leavePage();
    this.#feeds.close();
    this.#keeper.write();
    this.#stream.close();
  }

  #own(listener: TopicStreamListener): PageStream {
    return new ResumableStream(this.#address, this.#requests, listener);
  }

  /** The code for shared connections is loaded on demand. */
  #shared(locks: TabLocks, heartbeatMs: number): PageStream {
    const make = (listener: TopicStreamListener): PageStream => this.#own(listener);
    // Tabs with another version of the page may use another protocol, so the name contains its version.
    const name = `nuts:1:${this.#address.name}`;
    const loaded = import('../share/shared-stream.js').then(
      ({ SharedStream }) => new SharedStream(name, heartbeatMs, locks, make, this.#feeds),
      // The code cannot be loaded: use a separate connection for this tab.
      () => make(this.#feeds),
    );
    return new LateStream(loaded);
  }

  #setState(state: HubState): void {
    if (state === this.#current) return;
    this.#current = state;
    this.#events.emit('state', state);
  }

  #positions(): TopicPosition[] {
    return [...this.#feeds].flatMap(positionsOf);
  }
}

function positionsOf({ feed, subscription }: Member): TopicPosition[] {
  const id = subscription.finished(feed) ?? feed.kept;
  return id === undefined ? [] : feed.topics.map((topic) => [topic, id]);
}
