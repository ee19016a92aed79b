import type { HubError } from '../hub-error.js';
import type { Hub } from '../hub/hub.js';
import { topicFilter } from '../topics.js';
import type { Message } from '../subscription/message.interface.js';
import type { StoreSource } from './external-store.js';
import { openSubscription } from './open-subscription.js';

/** The newest payload by topic; topics without a message, and deleted keys, have none. */
export type LastPayloads<Payload = unknown> = Readonly<Record<string, Payload | undefined>>;

const EMPTY: LastPayloads<never> = Object.freeze({});

/** The value in server rendering, and before the first effect. */
export function emptyLast(): LastPayloads<never> {
  return EMPTY;
}

/** Keeps the newest payload of each topic, even while the set of topics changes. */
export class LastSource<Payload> implements StoreSource<LastPayloads<Payload>> {
  /** Called when the hub refuses the topics. */
  failed: ((error: HubError) => void) | undefined;
  private readonly payloads = new Map<string, Payload>();
  /** Topics whose payload is older than the subscription, so it may no longer be in the stream. */
  private readonly unconfirmed = new Set<string>();
  private snapshot: LastPayloads<Payload> = EMPTY;
  private isDirty = false;
  private changed: (() => void) | undefined;
  private close: (() => void) | undefined;

  constructor(
    private readonly hub: Hub,
    private topics: readonly string[],
  ) {}

  open(changed: () => void): () => void {
    this.changed = changed;
    this.reopen();
    return () => {
      this.changed = undefined;
      this.close?.();
      this.close = undefined;
    };
  }

  /** Changes the topics; payloads of remaining topics are kept. */
  follow(topics: readonly string[]): void {
    if (JSON.stringify(topics) === JSON.stringify(this.topics)) return;
    this.topics = topics;
    const covers = topicFilter(topics);
    for (const topic of this.payloads.keys()) if (!covers(topic)) this.payloads.delete(topic);
    this.touch();
    if (this.changed) this.reopen();
  }

  read(): LastPayloads<Payload> {
    if (!this.isDirty) return this.snapshot;
    this.isDirty = false;
    // Topics can have any name, such as `__proto__`: do not assign to an ordinary object.
    return (this.snapshot = Object.fromEntries(this.payloads));
  }

  private reopen(): void {
    const before = this.close;
    this.unconfirmed.clear();
    for (const topic of this.payloads.keys()) this.unconfirmed.add(topic);
    this.close = openSubscription<Payload>(this.hub, this.topics, 'last', {
      message: (message) => this.take(message),
      reset: () => {
        this.payloads.clear();
        this.touch();
      },
      live: () => {
        for (const topic of this.unconfirmed) this.payloads.delete(topic);
        this.unconfirmed.clear();
        this.touch();
      },
      error: (error) => this.failed?.(error),
      gap: () => undefined,
      state: () => undefined,
    });
    // After the new subscription has started, so that the hub keeps its connection.
    before?.();
  }

  private take({ topic, payload, operation = 'put' }: Message<Payload>): void {
    if (operation === 'put') this.payloads.set(topic, payload);
    else this.payloads.delete(topic);
    this.unconfirmed.delete(topic);
    this.touch();
  }

  private touch(): void {
    this.isDirty = true;
    this.changed?.();
  }
}
