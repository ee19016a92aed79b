import type { HubState } from '../hub/hub-state.js';
import { CLOSED } from '../hub/hub-state.js';
import type { Hub } from '../hub/hub.js';
import type { Gap, Message } from '../subscription/message.interface.js';
import type { StoreSource } from './external-store.js';
import { newest } from './newest.js';
import { openSubscription } from './open-subscription.js';

/** The result of `useTopic`. */
export interface TopicSnapshot<Payload = unknown> {
  /** The newest messages, oldest first, at most `limit`. Emptied when the stream was recreated. */
  readonly messages: readonly Message<Payload>[];
  /** The newest message. */
  readonly last: Message<Payload> | undefined;
  /** The state of the hub's connection; `refused` if the hub refuses these topics. */
  readonly state: HubState;
  /** Whether everything requested with `start` has arrived and the connection is open. */
  readonly isLive: boolean;
  /** The latest gap: messages that were not delivered. */
  readonly gap: Gap | undefined;
}

const EMPTY: TopicSnapshot<never> = {
  messages: [],
  last: undefined,
  state: CLOSED,
  isLive: false,
  gap: undefined,
};

/** The value in server rendering, and before the first effect. */
export function emptyTopic(): TopicSnapshot<never> {
  return EMPTY;
}

/** Collects the messages of topics. */
export class TopicSource<Payload> implements StoreSource<TopicSnapshot<Payload>> {
  /** Maximum number of messages to keep. */
  limit = Infinity;
  private snapshot: TopicSnapshot<Payload>;
  private messages: readonly Message<Payload>[] = [];
  private arrived: Message<Payload>[] = [];
  private last: Message<Payload> | undefined;
  private gap: Gap | undefined;
  private refusal: HubState | undefined;
  private isComplete = false;

  constructor(
    private readonly hub: Hub,
    private readonly topics: readonly string[],
    private readonly start: string | undefined,
  ) {
    this.snapshot = { ...EMPTY, state: hub.state };
  }

  open(changed: () => void): () => void {
    this.clear();
    this.gap = this.refusal = undefined;
    this.isComplete = false;
    changed();
    return openSubscription<Payload>(this.hub, this.topics, this.start, {
      message: (message) => {
        this.take(message);
        changed();
      },
      gap: (gap) => {
        this.gap = gap;
        changed();
      },
      reset: () => {
        this.clear();
        changed();
      },
      live: () => {
        this.isComplete = true;
        changed();
      },
      error: ({ status, reason }) => {
        this.refusal = { name: 'refused', status, reason };
        changed();
      },
      state: changed,
    });
  }

  read(): TopicSnapshot<Payload> {
    const { gap, last, refusal } = this;
    if (this.arrived.length > 0) {
      this.messages = newest([...this.messages, ...this.arrived], this.limit);
      this.arrived = [];
    } else this.messages = newest(this.messages, this.limit);
    const state = refusal ?? this.hub.state;
    const isLive = this.isComplete && state.name === 'open';
    const next = { messages: this.messages, last, state, isLive, gap };
    if (!isSame(next, this.snapshot)) this.snapshot = next;
    return this.snapshot;
  }

  private take(message: Message<Payload>): void {
    this.last = message;
    this.arrived.push(message);
    // A long history arrives in fewer frames than messages.
    if (this.arrived.length > 1_000 && this.arrived.length > 2 * this.limit) {
      this.arrived = [...newest(this.arrived, this.limit)];
      this.messages = [];
    }
  }

  private clear(): void {
    this.messages = [];
    this.arrived = [];
    this.last = undefined;
  }
}

function isSame<Payload>(a: TopicSnapshot<Payload>, b: TopicSnapshot<Payload>): boolean {
  return (
    a.messages === b.messages &&
    a.last === b.last &&
    a.state === b.state &&
    a.isLive === b.isLive &&
    a.gap === b.gap
  );
}
