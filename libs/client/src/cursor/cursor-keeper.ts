import type { CursorStorage } from './cursor-storage.interface.js';
import { earlier } from './sequence.js';

/** Storage writes are synchronous, so they are throttled. */
const WRITE_EVERY_MS = 250;

/** A topic, with the ID up to which a subscription has processed it. */
export type TopicPosition = readonly [topic: string, id: string];

/** Stores the position of each topic of a hub, for the next page or process. */
export class CursorKeeper {
  readonly #key: string;
  /** Positions left by the previous page; each is used for the first subscription of its topic. */
  #left = new Map<string, string>();
  /**
   * Positions of subscriptions that ended since the last write. They are written once more, because the
   * whole application may be ending.
   */
  readonly #ended: TopicPosition[] = [];
  #reading: Promise<void> | undefined;
  #writing: Promise<unknown> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #written = '';

  constructor(
    private readonly storage: CursorStorage | undefined,
    hub: string,
    private readonly positions: () => Iterable<TopicPosition>,
  ) {
    this.#key = `nuts:${hub}`;
    this.#read();
  }

  /** Calls back when positions have been read: synchronously, unless the storage is asynchronous. */
  ready(callback: () => void): void {
    if (this.#reading) void this.#reading.then(callback);
    else callback();
  }

  /** The position at which the previous page left these topics; undefined unless it had all of them. */
  take(topics: readonly string[]): string | undefined {
    const ids = topics.map((topic) => this.#left.get(topic));
    for (const topic of topics) this.#left.delete(topic);
    return ids.includes(undefined) ? undefined : ids.reduce(earlier);
  }

  /** Positions have changed: writes them soon. */
  moved(): void {
    if (!this.storage || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.write(), WRITE_EVERY_MS);
  }

  /** A subscription has ended at these positions. */
  end(positions: Iterable<TopicPosition>): void {
    this.#ended.push(...positions);
    this.moved();
  }

  /** Writes now if anything has changed. */
  write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#reading ?? this.#writing) return this.moved();
    const current = [...this.positions(), ...this.#ended.splice(0)];
    // No subscriptions are left: keep the last written positions for the next page.
    if (current.length === 0) return;
    const ids = new Map(this.#left);
    for (const [topic, id] of current) ids.set(topic, earlier(ids.get(topic), id) ?? id);
    const text = JSON.stringify(Object.fromEntries(ids));
    if (text !== this.#written) this.#store((this.#written = text));
  }

  #store(text: string): void {
    try {
      const stored = this.storage?.setItem(this.#key, text);
      if (!(stored instanceof Promise)) return;
      this.#writing = stored
        .catch(() => undefined)
        .then(() => {
          this.#writing = undefined;
        });
    } catch {
      // Full, or forbidden by the browser: positions stay in memory only.
    }
  }

  #read(): void {
    try {
      const text = this.storage?.getItem(this.#key);
      if (!(text instanceof Promise)) return this.#parse(text);
      this.#reading = text
        .then((late) => this.#parse(late))
        .catch(() => undefined)
        .then(() => {
          this.#reading = undefined;
        });
    } catch {
      // Forbidden, or not written by this package: treated as absent.
    }
  }

  #parse(text: string | null | undefined): void {
    this.#left = new Map(Object.entries(JSON.parse(text ?? '{}') as Record<string, string>));
  }
}
