import type { CursorStorage } from './cursor-storage.interface.js';
import { earlier } from './sequence.js';

/** Storages are written to synchronously: not for every message. */
const WRITE_EVERY_MS = 250;

/** A topic with the id up to which a subscription of it is finished. */
export type TopicPosition = readonly [topic: string, id: string];

/** Keeps the position of each topic of a hub, for the next page or process. */
export class CursorKeeper {
  readonly #key: string;
  /** What a page before this one left; each entry is for the first subscription of its topic. */
  #left = new Map<string, string>();
  /**
   * Of subscriptions that have ended since the last write: they may have ended because the whole
   * application does, and are written once more.
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

  /** Calls back when positions have been read: at once, unless the storage answers later. */
  ready(callback: () => void): void {
    if (this.#reading) void this.#reading.then(callback);
    else callback();
  }

  /** The position at which a page before this one left these topics; undefined if it had not all of them. */
  take(topics: readonly string[]): string | undefined {
    const ids = topics.map((topic) => this.#left.get(topic));
    for (const topic of topics) this.#left.delete(topic);
    return ids.includes(undefined) ? undefined : ids.reduce(earlier);
  }

  /** Positions have moved: writes them soon. */
  moved(): void {
    if (!this.storage || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.write(), WRITE_EVERY_MS);
  }

  /** A subscription has ended, at these positions. */
  end(positions: Iterable<TopicPosition>): void {
    this.#ended.push(...positions);
    this.moved();
  }

  /** Writes now, if anything has changed. */
  write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#reading ?? this.#writing) return this.moved();
    const current = [...this.positions(), ...this.#ended.splice(0)];
    // Nothing is subscribed any more: what was written last is for the next page.
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
      // Full, or forbidden by the browser: kept in memory only.
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
      // Forbidden, or not what this package has written: as if there were none.
    }
  }

  #parse(text: string | null | undefined): void {
    this.#left = new Map(Object.entries(JSON.parse(text ?? '{}') as Record<string, string>));
  }
}
