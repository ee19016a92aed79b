import { HubError } from '../hub-error.js';
import { CLOSED } from '../hub/hub-state.js';
import { SilenceWatch } from '../stream/silence-watch.js';
import type { PageStream, TopicStreamListener } from '../stream/topic-stream.interface.js';
import { Leader } from './leader.js';
import type { TabLocks } from './tab-locks.js';
import type { LeaderMessage, TabMessage, Wanted } from './tab-message.js';

/** Minimum time for a leader to respond, in ms. */
const MIN_ANSWER_MS = 250;
const NOTHING: Wanted = { topics: [], cursor: undefined, restart: false };

/**
 * One connection for all tabs of a hub (contract §12). The tab that holds a lock is the leader: it has the
 * connection and forwards everything. If a tab closes or crashes, its lock is released and the next tab
 * becomes the leader; a frozen leader's lock is stolen.
 */
export class SharedStream implements PageStream {
  readonly #tab = crypto.randomUUID();
  readonly #channel: InstanceType<typeof BroadcastChannel>;
  #wanted = NOTHING;
  #leader: Leader | undefined;
  /** Gives up the leadership. */
  #releaseLead: (() => void) | undefined;
  /** Aborts the wait for the leadership. */
  #leadRequest = new AbortController();
  /** Ends this tab's membership; until then, its own lock shows that it exists. */
  #presence = new AbortController();
  #isPresent = false;
  #watch: SilenceWatch | undefined;
  #isAsking = false;
  /** The highest known term of a leader. */
  #term = 0;
  /** Whether the leader's frames continue what this tab has received. */
  #isJoined = false;

  constructor(
    private readonly name: string,
    private readonly heartbeatMs: number,
    private readonly locks: TabLocks,
    private readonly makeStream: (listener: TopicStreamListener) => PageStream,
    private readonly listener: TopicStreamListener,
  ) {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: { data: unknown }) => this.#receive(data as TabMessage);
    // In Node, a channel would keep the process alive.
    (this.#channel as { unref?: () => void }).unref?.();
    this.#enter();
  }

  follow(topics: readonly string[], restart = false): void {
    this.#wanted = { topics, cursor: undefined, restart };
    if (topics.length === 0) this.listener.state(CLOSED);
    this.#sendWanted();
  }

  wake(networkChanged: boolean): void {
    if (this.#presence.signal.aborted) this.#enter();
    this.#leader?.wake(networkChanged);
    this.#watch?.check();
  }

  /** A page in the back/forward cache must neither lead nor be waited for. */
  suspend(): void {
    this.#leave();
  }

  close(): void {
    this.#leave();
    this.#channel.close();
    this.listener.state(CLOSED);
  }

  #enter(): void {
    const { signal } = (this.#presence = new AbortController());
    // Its release tells the leader that this tab is gone, whatever the reason.
    void this.locks.request(this.name + this.#tab, {}, () => {
      this.#isPresent = true;
      this.#sendWanted();
      return aborted(signal);
    });
    this.#requestLead(false);
    this.#watchLeader();
  }

  #leave(): void {
    this.#watch?.stop();
    this.#isPresent = this.#isJoined = false;
    this.#presence.abort();
    this.#leadRequest.abort();
    this.#releaseLead?.();
  }

  /** Waits for the leadership, or steals it. */
  #requestLead(steal: boolean): void {
    this.#leadRequest.abort();
    const { signal } = (this.#leadRequest = new AbortController());
    const lead = (): Promise<void> | undefined => (signal.aborted ? undefined : this.#lead());
    this.locks.request(this.name, steal ? { steal } : { signal }, lead).catch(() => {
      // Given up, or stolen by a tab that considered this one frozen.
      if (signal.aborted) return;
      this.#stopLeading();
      this.#requestLead(false);
      // Messages of the new leader were ignored while this tab was the leader.
      this.#sendWanted();
    });
  }

  /** Leads until the leadership is given up. */
  #lead(): Promise<void> {
    this.#watch?.stop();
    return new Promise((resolve) => {
      this.#releaseLead = () => {
        this.#stopLeading();
        resolve();
      };
      // The fraction distinguishes two leaders that start in the same millisecond.
      const term = Math.max(Date.now(), this.#term + 1) + Math.random();
      this.#leader = new Leader(this.makeStream, (news) => {
        const message = { ...news, term };
        this.#channel.postMessage(message);
        this.#take(message);
      });
      this.#leader.begin();
    });
  }

  /** Stops leading. */
  #stopLeading(): void {
    const leader = this.#leader;
    this.#leader = this.#releaseLead = undefined;
    leader?.close();
    if (this.#isPresent) this.#watchLeader();
  }

  /** Sends this tab's topics to the leader. */
  #sendWanted(): void {
    if (!this.#isPresent) return;
    const wanted = { ...this.#wanted, cursor: this.listener.cursor() };
    if (this.#leader) this.#leader.want(this.#tab, wanted);
    else {
      this.#channel.postMessage({ type: 'want', tab: this.#tab, wanted });
      this.#awaitLeader();
    }
  }

  #receive(message: TabMessage): void {
    if (message.type === 'want') return this.#hear(message.tab, message.wanted);
    if (this.#leader || !this.#isPresent || message.term < this.#term) return;
    if (this.#isAsking) this.#watchLeader();
    else this.#watch?.heard();
    this.#take(message);
  }

  #hear(tab: string, wanted: Wanted): void {
    const leader = this.#leader;
    if (!leader) return;
    const isKnown = leader.has(tab);
    leader.want(tab, wanted);
    if (isKnown || !leader.has(tab)) return;
    const { signal } = this.#presence;
    this.locks
      .request(this.name + tab, { signal }, () => void leader.remove(tab))
      .catch(() => undefined);
  }

  #take(message: LeaderMessage): void {
    const { listener } = this;
    if (message.term < this.#term) return;
    if (message.term > this.#term) this.#isJoined = false;
    this.#term = message.term;
    const isFollowing = this.#wanted.topics.length > 0;
    switch (message.type) {
      case 'lead':
        this.#sendWanted();
        return;
      case 'opened':
        if (!isFollowing || (message.to !== undefined && message.to !== this.#tab)) return;
        this.#isJoined = true;
        this.#wanted = { ...this.#wanted, restart: false };
        listener.opened(message.opening);
        return;
      case 'frames':
        if (this.#isJoined) for (const frame of message.frames) listener.frame(frame);
        return;
      case 'state':
        if (isFollowing) listener.state(message.state);
        return;
      case 'refused':
        if (isFollowing) this.#refuse(message);
        return;
      default:
    }
  }

  #refuse({ status, reason, served }: Extract<LeaderMessage, { type: 'refused' }>): void {
    const { topics } = this.#wanted;
    if (served && topics.every((topic) => served.includes(topic))) return;
    this.listener.refused(new HubError('refused', reason, status), served);
  }

  /** Watches for the leader's messages. */
  #watchLeader(): void {
    this.#isAsking = false;
    this.#expect(this.heartbeatMs * 1.5, () => this.#sendWanted());
  }

  /** The leader responds to every request; one that does not is frozen. */
  #awaitLeader(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#expect(Math.max(MIN_ANSWER_MS, this.heartbeatMs / 4), () => {
      this.#requestLead(true);
      this.#watchLeader();
    });
  }

  #expect(withinMs: number, missed: () => void): void {
    this.#watch?.stop();
    this.#watch = new SilenceWatch(withinMs, missed);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
