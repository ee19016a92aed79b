import { sequenceOf } from '../cursor/sequence.js';
import { type HubError, isFinal, toHubError } from '../hub-error.js';
import type { HistoryOptions, HistoryPage } from '../requests/history.js';
import { RetryDelay } from '../stream/retry-delay.js';
import type { Feed } from './feed.js';

/** Fetches one page of a feed's topics. */
export type FetchPage = (options: HistoryOptions) => Promise<HistoryPage>;

/** Maximum size of a page (contract §9). */
const PAGE = 1_000;
const LAST_VALUES = 10_000;

/** The parts of a page that a feed uses. */
type FeedPage = Omit<HistoryPage, 'topics' | 'recovery'> & { readonly recovery?: string };

const NO_HISTORY: FeedPage = { messages: [], position: '', more: false };

/** Fetches the history requested with a feed's `start`, and hands over to the connection without a gap. */
export class HistoryLoader {
  readonly #delay = new RetryDelay();
  readonly #ending = new AbortController();
  /** The end of the fetched history while there is no connection yet. */
  #reached: string | undefined;

  constructor(
    private readonly feed: Feed,
    private readonly page: FetchPage,
    private readonly failed: (error: HubError) => void,
  ) {
    feed.hold();
    void this.#load({ start: feed.start, limit: limitOf(feed.start) });
  }

  /** The feed was attached to a connection. */
  attached(): void {
    const reached = this.#reached;
    if (reached === undefined || !this.feed.isHolding) return;
    this.#reached = undefined;
    this.#handOver(reached);
  }

  stop(): void {
    this.#ending.abort();
  }

  async #load(first: HistoryOptions): Promise<void> {
    const { feed } = this;
    let options = first;
    for (;;) {
      const page = await this.#fetch(options);
      // The stream was reset: it starts again for this feed, which then receives all of it.
      if (!page || !feed.isHolding) return;
      this.#deliver(page, options.cursor !== undefined);
      if (!page.more || (feed.isAttached && feed.reaches(page.position))) {
        return this.#handOver(page.position);
      }
      options = { cursor: page.position, limit: PAGE };
    }
  }

  /** Undefined if it failed permanently. */
  async #fetch(options: HistoryOptions): Promise<FeedPage | undefined> {
    const { signal } = this.#ending;
    for (;;) {
      try {
        return await this.page({ ...options, signal });
      } catch (thrown) {
        if (signal.aborted) return undefined;
        const error = toHubError(thrown);
        // A server without pages: a live feed starts where its connection does.
        if (error.status === 406 && isLive(this.feed.start)) return NO_HISTORY;
        if (isFinal(error)) {
          this.failed(error);
          return undefined;
        }
        this.#delay.failed();
        await pause(this.#delay.next(error.retryAfterMs), signal);
      }
    }
  }

  #deliver({ messages, recovery, reason = 'fallback' }: FeedPage, goesOn: boolean): void {
    const { feed } = this;
    if (goesOn && recovery === 'fallback') feed.replay({ gap: { reason } });
    const kept = sequenceOf(feed.kept);
    for (const each of messages) {
      // Newer messages come from the connection, which resumes from the stored position.
      if (kept !== undefined && (sequenceOf(each.id) ?? 0n) > kept) break;
      if ('gap' in each) {
        const { gap: reason, ...rest } = each;
        feed.replay({ gap: { ...rest, reason } });
      } else feed.replay({ message: each });
    }
  }

  #handOver(position: string): void {
    const { feed } = this;
    if (!feed.isAttached) this.#reached = position;
    else if (feed.kept !== undefined) feed.release(feed.kept);
    else if (feed.reaches(position) || isLive(feed.start)) feed.release(position);
    // The page was created before the connection opened: fetch the messages in between.
    else void this.#load({ cursor: position, limit: PAGE });
  }
}

function isLive(start: string | undefined): boolean {
  return start === undefined || start === 'live';
}

function limitOf(start: string | undefined): number | undefined {
  if (isLive(start)) return undefined;
  if (start === 'last') return LAST_VALUES;
  return Math.min(PAGE, Number(/^last:(\d+)$/.exec(start ?? '')?.[1] ?? PAGE)) || PAGE;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
