import { earlier } from '../cursor/sequence.js';
import type { HubError } from '../hub-error.js';
import { CONNECTING, OPEN, type HubState } from '../hub/hub-state.js';
import type { Frame } from '../stream/frame.interface.js';
import type { Opening, PageStream, TopicStreamListener } from '../stream/topic-stream.interface.js';
import { unionOf } from '../topics.js';
import type { LeaderUpdate, Wanted } from './tab-message.js';

/** How long a new leader collects the other tabs' topics, in ms, so that one connection serves all of them. */
const GATHER_MS = 50;

/** A tab, and whether the connection delivers its topics. */
interface Tab {
  readonly wanted: Wanted;
  attached: boolean;
}

/** Holds the connection for all tabs: its stream follows the union of their topics. */
export class Leader implements TopicStreamListener {
  readonly #tabs = new Map<string, Tab>();
  readonly #stream: PageStream;
  #served: readonly string[] | undefined;
  #position: string | undefined;
  #current: HubState = CONNECTING;
  #isOver = false;
  #frames: Frame[] = [];
  #gathering: ReturnType<typeof setTimeout> | undefined;

  /** @param send sends a message to the other tabs and to the leader's own */
  constructor(
    makeStream: (listener: TopicStreamListener) => PageStream,
    private readonly send: (message: LeaderUpdate) => void,
  ) {
    this.#stream = makeStream(this);
  }

  begin(): void {
    this.#gathering = setTimeout(() => {
      this.#gathering = undefined;
      this.#follow(false);
    }, GATHER_MS);
    this.#broadcast({ type: 'lead' });
  }

  has(tab: string): boolean {
    return this.#tabs.has(tab);
  }

  want(tab: string, wanted: Wanted): void {
    const known = this.#tabs.get(tab);
    if (wanted.topics.length === 0) this.#tabs.delete(tab);
    else this.#tabs.set(tab, { wanted, attached: false });
    const served = this.#served;
    const position = this.#position;
    // Always answer: the tab may be checking whether there is a leader.
    this.#broadcast({ type: 'state', state: this.#current });
    // The tab misses the messages between its cursor and the position of the connection.
    const isBehind = wanted.restart || (!known?.attached && isEarlier(wanted.cursor, position));
    if (!isBehind && served && position && wanted.topics.every((each) => served.includes(each))) {
      this.#attach(tab, { topics: served, cursor: position, id: position, recovery: 'resumed' });
    }
    this.#follow(isBehind);
  }

  remove(tab: string): void {
    if (this.#tabs.delete(tab)) this.#follow(false);
  }

  wake(networkChanged: boolean): void {
    this.#stream.wake(networkChanged);
  }

  close(): void {
    clearTimeout(this.#gathering);
    this.#flush();
    this.#isOver = true;
    this.#stream.close();
  }

  #broadcast(message: LeaderUpdate): void {
    if (!this.#isOver) this.send(message);
  }

  cursor(): string | undefined {
    let cursor: string | undefined;
    for (const { wanted, attached } of this.#tabs.values()) {
      cursor = earlier(cursor, attached ? this.#position : wanted.cursor);
    }
    return cursor;
  }

  /** Subscriptions get their `start` from pages of history, because the connection is shared. */
  start(): string {
    return 'live';
  }

  opened(opening: Opening): void {
    this.#flush();
    this.#served = opening.topics;
    this.#position = opening.id;
    for (const tab of this.#tabs.values()) {
      tab.attached = tab.wanted.topics.every((each) => opening.topics.includes(each));
    }
    this.#broadcast({ type: 'opened', opening });
  }

  frame(frame: Frame): void {
    if (frame.id) this.#position = frame.id;
    // A chunk of the connection contains many frames: send one message for all of them.
    if (this.#frames.push(frame) === 1) queueMicrotask(() => this.#flush());
  }

  state(state: HubState): void {
    this.#flush();
    this.#current = state;
    this.#broadcast({ type: 'state', state });
  }

  refused({ status, reason }: HubError, served: readonly string[] | undefined): void {
    this.#flush();
    this.#served = served;
    for (const [name, { wanted }] of this.#tabs) {
      if (!served || wanted.topics.some((each) => !served.includes(each))) this.#tabs.delete(name);
    }
    this.#broadcast({ type: 'refused', status, reason, served });
  }

  #attach(name: string, opening: Opening): void {
    const tab = this.#tabs.get(name);
    if (tab) tab.attached = true;
    this.#flush();
    this.#broadcast({ type: 'opened', to: name, opening });
    this.#broadcast({ type: 'state', state: OPEN });
  }

  #follow(restart: boolean): void {
    if (this.#gathering !== undefined) return;
    const topics = unionOf([...this.#tabs.values()].map(({ wanted }) => wanted.topics));
    if (topics.length === 0) this.#served = undefined;
    this.#stream.follow(topics, restart);
  }

  #flush(): void {
    const frames = this.#frames;
    this.#frames = [];
    if (frames.length > 0) this.#broadcast({ type: 'frames', frames });
  }
}

function isEarlier(cursor: string | undefined, position: string | undefined): boolean {
  return cursor !== undefined && cursor !== position && earlier(position, cursor) === cursor;
}
