import { HubError } from '../hub-error.js';
import { CLOSED } from '../hub/hub-state.js';
import { SilenceWatch } from '../stream/silence-watch.js';
import type { PageStream, TopicStreamListener } from '../stream/topic-stream.interface.js';
import { Leader } from './leader.js';
import type { TabLocks } from './tab-locks.js';
import type { LeaderMessage, TabMessage, Wanted } from './tab-message.js';

/** How long a leader that was asked may take at least, in ms. */
const SHORTEST_ANSWER_MS = 250;
const NOTHING: Wanted = { topics: [], cursor: undefined, restart: false };

/**
 * One connection for all tabs of a hub (contract §12). The tab that holds a lock leads: it has the connection,
 * and passes everything on. A tab that closes or crashes loses its lock, and the next one leads; from one
 * that stands still the lock is taken.
 */
export class SharedStream implements PageStream {
  readonly #tab = crypto.randomUUID();
  readonly #channel: InstanceType<typeof BroadcastChannel>;
  #wanted = NOTHING;
  #leader: Leader | undefined;
  /** Gives the lead back. */
  #abdicate: (() => void) | undefined;
  /** Ends what waits for the lead. */
  #candidacy = new AbortController();
  /** Ends this tab's part; until then its own lock tells that it is there. */
  #presence = new AbortController();
  #isPresent = false;
  #watch: SilenceWatch | undefined;
  #isAsking = false;
  /** The highest term of a leader that was heard of. */
  #term = 0;
  /** Whether the leader's frames continue what this tab has. */
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
    // In Node a channel would keep the process alive.
    (this.#channel as { unref?: () => void }).unref?.();
    this.#enter();
  }

  follow(topics: readonly string[], restart = false): void {
    this.#wanted = { topics, cursor: undefined, restart };
    if (topics.length === 0) this.listener.state(CLOSED);
    this.#want();
  }

  wake(networkChanged: boolean): void {
    if (this.#presence.signal.aborted) this.#enter();
    this.#leader?.wake(networkChanged);
    this.#watch?.check();
  }

  /** A page in the browser's cache may neither lead nor be waited for. */
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
    // Its end tells the leader that this tab is gone, however it went.
    void this.locks.request(this.name + this.#tab, {}, () => {
      this.#isPresent = true;
      this.#want();
      return aborted(signal);
    });
    this.#stand(false);
    this.#listen();
  }

  #leave(): void {
    this.#watch?.stop();
    this.#isPresent = this.#isJoined = false;
    this.#presence.abort();
    this.#candidacy.abort();
    this.#abdicate?.();
  }

  /** Waits for the lead, or takes it. */
  #stand(steal: boolean): void {
    this.#candidacy.abort();
    const { signal } = (this.#candidacy = new AbortController());
    const lead = (): Promise<void> | undefined => (signal.aborted ? undefined : this.#lead());
    this.locks.request(this.name, steal ? { steal } : { signal }, lead).catch(() => {
      // Given up, or taken by a tab to which this one seemed to stand still.
      if (signal.aborted) return;
      this.#step();
      this.#stand(false);
      // What the new leader has told meanwhile was not for a leader.
      this.#want();
    });
  }

  /** Leads until the lead is given back. */
  #lead(): Promise<void> {
    this.#watch?.stop();
    return new Promise((resolve) => {
      this.#abdicate = () => {
        this.#step();
        resolve();
      };
      // The fraction tells two from each other that begin in one millisecond.
      const term = Math.max(Date.now(), this.#term + 1) + Math.random();
      this.#leader = new Leader(this.makeStream, (news) => {
        const message = { ...news, term };
        this.#channel.postMessage(message);
        this.#take(message);
      });
      this.#leader.begin();
    });
  }

  /** Leads no longer. */
  #step(): void {
    const leader = this.#leader;
    this.#leader = this.#abdicate = undefined;
    leader?.close();
    if (this.#isPresent) this.#listen();
  }

  /** Tells the leader what this tab wants now. */
  #want(): void {
    if (!this.#isPresent) return;
    const wanted = { ...this.#wanted, cursor: this.listener.cursor() };
    if (this.#leader) this.#leader.want(this.#tab, wanted);
    else {
      this.#channel.postMessage({ type: 'want', tab: this.#tab, wanted });
      this.#ask();
    }
  }

  #receive(message: TabMessage): void {
    if (message.type === 'want') return this.#hear(message.tab, message.wanted);
    if (this.#leader || !this.#isPresent || message.term < this.#term) return;
    if (this.#isAsking) this.#listen();
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
        this.#want();
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

  /** Follows the leader's signs of life. */
  #listen(): void {
    this.#isAsking = false;
    this.#expect(this.heartbeatMs * 1.5, () => this.#want());
  }

  /** The leader answers what it is told; one that does not stands still. */
  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#expect(Math.max(SHORTEST_ANSWER_MS, this.heartbeatMs / 4), () => {
      this.#stand(true);
      this.#listen();
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
