import { earlier, sequenceOf } from '../cursor/sequence.js';
import type { HubError } from '../hub-error.js';
import type { HubState } from '../hub/hub-state.js';
import type { HistoryOptions, HistoryPage } from '../requests/history.js';
import type { Frame } from '../stream/frame.interface.js';
import type { Opening, TopicStreamListener } from '../stream/topic-stream.interface.js';
import { unionOf } from '../topics.js';
import { Feed } from './feed.js';
import { HistoryLoader } from './history-loader.js';
import { parseMessage } from './parse-message.js';
import type { Subscription } from './subscription.js';

/** The hub's interface for its {@link FeedGroup}. */
export interface FeedGroupOwner {
  /** Whether others use the connection too, so that subscriptions cannot choose its start. */
  readonly isShared: boolean;
  page(topics: readonly string[], options: HistoryOptions): Promise<HistoryPage>;
  follow(topics: readonly string[], restart: boolean): void;
  state(state: HubState): void;
  /** Positions may have changed. */
  moved(): void;
  /** A subscription has ended; it still knows how far its loops have read. */
  left(member: Member): void;
}

/** A subscription with its part of the stream. */
export interface Member {
  readonly subscription: Subscription;
  readonly feed: Feed;
  loader?: HistoryLoader;
}

/** All subscriptions of a hub, fed from its single stream. */
export class FeedGroup implements TopicStreamListener {
  readonly #members = new Map<Subscription, Member>();
  /** The topics of the current connection. */
  #served: readonly string[] = [];
  /** The position of the current connection. */
  #position: string | undefined;
  #isScheduled = false;

  constructor(private readonly owner: FeedGroupOwner) {}

  [Symbol.iterator](): Iterator<Member> {
    return this.#members.values();
  }

  add(subscription: Subscription, start: string | undefined, kept: string | undefined): void {
    const feed = new Feed(subscription.topics, start, kept, {
      message: (message) => subscription.deliver(message),
      gap: (gap) => subscription.notify('gap', gap),
      reset: (reset) => subscription.notify('reset', reset),
      live: (position) => subscription.notify('live', { position }),
    });
    const member: Member = { subscription, feed };
    const others = this.owner.isShared || this.#members.size > 0;
    this.#members.set(subscription, member);
    // Requested now, in parallel with the connection. A first live subscription gets its position from the
    // connection.
    const isState = start?.startsWith('last') ?? false;
    const isLive = start === undefined || start === 'live';
    if (kept === undefined ? !isLive || others : isState) this.#load(member);
    this.#schedule();
  }

  remove(subscription: Subscription): void {
    const member = this.#members.get(subscription);
    if (!member) return;
    member.loader?.stop();
    this.#members.delete(subscription);
    this.owner.left(member);
    this.#schedule();
  }

  close(): void {
    for (const { subscription } of [...this]) subscription.close();
  }

  cursor(): string | undefined {
    let cursor: string | undefined;
    for (const { feed } of this) {
      cursor = earlier(cursor, feed.isAttached ? this.#position : feed.kept);
    }
    return cursor;
  }

  start(): string | undefined {
    // If every subscription has its own `start`, pages of history provide it.
    return [...this].every(({ feed }) => feed.start !== undefined) ? 'live' : undefined;
  }

  state(state: HubState): void {
    this.owner.state(state);
  }

  opened(opening: Opening): void {
    this.#served = opening.topics;
    this.#position = sequenceOf(opening.id) === undefined ? undefined : opening.id;
    if (this.#join(opening)) this.#schedule();
    this.owner.moved();
  }

  frame(frame: Frame): void {
    const { event, data, id } = frame;
    if (event === 'reset') return this.#reset(frame);
    if (data !== undefined) this.#deliver(frame);
    if (sequenceOf(id) === undefined) return;
    this.#position = id;
    for (const { feed } of this) feed.passed(id as string, event === 'live');
    this.owner.moved();
  }

  refused(error: HubError, served: readonly string[] | undefined): void {
    this.#served = served ?? [];
    const refused = [...this].filter(({ feed }) => !this.#serves(feed));
    for (const member of refused) {
      const { loader, subscription } = member;
      loader?.stop();
      this.#members.delete(subscription);
      this.owner.left(member);
      subscription.end(error);
    }
    if (served && refused.length > 0) this.#schedule();
  }

  #deliver(frame: Frame): void {
    if (frame.event === 'gap') {
      const { sequence, ...gap } = JSON.parse(frame.data ?? '{}') as GapData;
      for (const { feed } of this) feed.takeGap({ ...gap, id: frame.id ?? String(sequence) });
    } else if (frame.event !== 'live') {
      const message = parseMessage(frame, this.#served);
      for (const { feed } of this) feed.take(message);
    }
  }

  #reset({ data = '{}', id = '0' }: Frame): void {
    const { reason = 'stream_recreated' } = JSON.parse(data) as { reason?: string };
    this.#position = id;
    for (const { feed, loader } of [...this]) {
      loader?.stop();
      if (feed.isAttached) feed.reset(reason);
    }
    this.owner.moved();
  }

  #load(member: Member): void {
    const { subscription, feed } = member;
    member.loader = new HistoryLoader(
      feed,
      (options) => this.owner.page(feed.topics, options),
      (error) => subscription.end(error),
    );
  }

  /** Simultaneous changes share one connection. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      const topics = unionOf([...this].map(({ feed }) => feed.topics));
      if (topics.length === 0) {
        this.#served = [];
        this.#position = undefined;
      }
      const id = this.#position ?? '';
      const joined = { topics: this.#served, cursor: id, id, recovery: 'resumed' };
      this.owner.follow(topics, this.#join(joined));
    });
  }

  /**
   * Attaches feeds to the current connection if it has their topics, which may have changed since it was
   * requested. Returns whether one of them must start earlier than the connection.
   */
  #join(opening: Opening): boolean {
    let restart = false;
    for (const member of [...this]) {
      const { feed } = member;
      if (!this.#serves(feed)) feed.detach();
      else if (feed.isAhead(opening.cursor)) restart = true;
      else this.#attach(member, opening);
    }
    return restart;
  }

  #serves({ topics }: Feed): boolean {
    return topics.every((topic) => this.#served.includes(topic));
  }

  #attach(member: Member, opening: Opening): void {
    if (member.feed.attach(opening)) this.#load(member);
    member.loader?.attached();
  }
}

interface GapData {
  readonly topic: string;
  readonly sequence: number;
  readonly reason: string;
  readonly size?: number;
}
