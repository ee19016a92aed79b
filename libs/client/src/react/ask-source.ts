import { connect } from '../connect.js';
import { toHubError, type HubError } from '../hub-error.js';
import type { Hub } from '../hub/hub.js';
import type { Reply } from '../requests/ask.js';
import type { StoreSource } from './external-store.js';
import { newest } from './newest.js';

/** Replies and progress of the newest question. */
export interface AskSnapshot<Payload = unknown> {
  /** The newest replies, oldest first, at most `limit`. */
  readonly replies: readonly Reply<Payload>[];
  /** How far the service is, where it says so. */
  readonly progress: Reply['progress'];
  /** Why the question failed. */
  readonly error: HubError | undefined;
  /** Whether replies are still to come. */
  readonly isAsking: boolean;
}

const EMPTY: AskSnapshot<never> = {
  replies: [],
  progress: undefined,
  error: undefined,
  isAsking: false,
};

/** What a server renders, and a page before its first question. */
export function emptyAsk(): AskSnapshot<never> {
  return EMPTY;
}

/** One question at a time; the next one ends the one before it. */
export class AskSource<Payload> implements StoreSource<AskSnapshot<Payload>> {
  /** The most replies that are kept. */
  limit = Infinity;
  private snapshot: AskSnapshot<Payload> = EMPTY;
  private changed: (() => void) | undefined;
  private asking: AbortController | undefined;
  private arrived: Reply<Payload>[] = [];
  private hasLeft = false;

  constructor(
    private readonly service: Hub | string,
    private readonly subject: string,
  ) {}

  open(changed: () => void): () => void {
    this.changed = changed;
    this.hasLeft = false;
    changed();
    return () => {
      this.changed = undefined;
      this.hasLeft = true;
      this.cancel();
    };
  }

  read(): AskSnapshot<Payload> {
    const progress = this.arrived.findLast((reply) => reply.progress)?.progress;
    if (this.arrived.length > 0) {
      const replies = newest([...this.snapshot.replies, ...this.arrived], this.limit);
      this.arrived = [];
      this.set({ replies, ...(progress && { progress }) });
    }
    return this.snapshot;
  }

  /** Resolves when the answer is over, for whatever reason. Never rejects. */
  async ask(question?: unknown): Promise<void> {
    if (this.hasLeft) return;
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.arrived = [];
    this.set({ ...EMPTY, isAsking: true });
    // An effect that StrictMode runs twice asks once.
    await Promise.resolve();
    const error = await this.collect(question, asking.signal);
    if (this.asking !== asking) return;
    this.asking = undefined;
    this.read();
    this.set({ error, isAsking: false });
  }

  /** Ends the question. What has come stays. */
  cancel(): void {
    if (!this.asking) return;
    this.asking.abort();
    this.asking = undefined;
    this.set({ isAsking: false });
  }

  private async collect(question: unknown, signal: AbortSignal): Promise<HubError | undefined> {
    if (signal.aborted) return undefined;
    const { service, subject } = this;
    const hub = typeof service === 'string' ? connect(service) : service;
    try {
      for await (const reply of hub.ask<Payload>(subject, question, { signal })) {
        if (signal.aborted) break;
        this.arrived.push(reply);
        this.changed?.();
      }
      return undefined;
    } catch (error) {
      return signal.aborted ? undefined : toHubError(error);
    } finally {
      if (hub !== service) hub.close();
    }
  }

  private set(part: Partial<AskSnapshot<Payload>>): void {
    this.snapshot = { ...this.snapshot, ...part };
    this.changed?.();
  }
}
