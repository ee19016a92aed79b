import { connect } from '../connect.js';
import { toHubError, type HubError } from '../hub-error.js';
import type { Hub } from '../hub/hub.js';
import type { Reply } from '../requests/ask.js';
import type { StoreSource } from './external-store.js';
import { newest } from './newest.js';

/** Replies and progress of the latest request. */
export interface AskSnapshot<Payload = unknown> {
  /** The newest replies, oldest first, at most `limit`. */
  readonly replies: readonly Reply<Payload>[];
  /** The progress of the service, if it reports it. */
  readonly progress: Reply['progress'];
  /** Why the request failed. */
  readonly error: HubError | undefined;
  /** Whether more replies are expected. */
  readonly isAsking: boolean;
}

const EMPTY: AskSnapshot<never> = {
  replies: [],
  progress: undefined,
  error: undefined,
  isAsking: false,
};

/** The value in server rendering, and before the first request. */
export function emptyAsk(): AskSnapshot<never> {
  return EMPTY;
}

/** One request at a time; a new one cancels the previous one. */
export class AskSource<Payload> implements StoreSource<AskSnapshot<Payload>> {
  /** Maximum number of replies to keep. */
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

  /** Resolves when the answer has ended, for whatever reason. Never rejects. */
  async ask(question?: unknown): Promise<void> {
    if (this.hasLeft) return;
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.arrived = [];
    this.set({ ...EMPTY, isAsking: true });
    // In StrictMode, an effect runs twice but sends one request.
    await Promise.resolve();
    const error = await this.collect(question, asking.signal);
    if (this.asking !== asking) return;
    this.asking = undefined;
    this.read();
    this.set({ error, isAsking: false });
  }

  /** Cancels the request. Received replies are kept. */
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
