import type { CursorStorage } from './cursor-storage.interface.js';
import { earlier } from './sequence.js';

/** Storages are written to synchronously: not for every message. */
const WRITE_EVERY_MS = 250;

/** A topic with the id up to which a subscription of it is finished. */
export type TopicPosition = readonly [topic: string, id: string];

/** Keeps the position of each topic of a hub, for the next page or process. */
export class CursorKeeper {
  private readonly key: string;
  /** What a page before this one left; each entry is for the first subscription of its topic. */
  private readonly left: Map<string, string>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private written = '';

  constructor(
    private readonly storage: CursorStorage | undefined,
    hub: string,
    private readonly positions: () => Iterable<TopicPosition>,
  ) {
    this.key = `nuts:${hub}`;
    this.left = new Map(Object.entries(this.read()));
  }

  /** The position at which a page before this one left these topics; undefined if it had not all of them. */
  take(topics: readonly string[]): string | undefined {
    const ids = topics.map((topic) => this.left.get(topic));
    for (const topic of topics) this.left.delete(topic);
    return ids.includes(undefined) ? undefined : ids.reduce(earlier);
  }

  /** Positions have moved: writes them soon. */
  moved(): void {
    if (!this.storage || this.timer !== undefined) return;
    this.timer = setTimeout(() => this.write(), WRITE_EVERY_MS);
  }

  /** Writes now, if anything has changed. */
  write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const ids = new Map(this.left);
    for (const [topic, id] of this.positions()) ids.set(topic, earlier(ids.get(topic), id) ?? id);
    const text = JSON.stringify(Object.fromEntries(ids));
    if (text === this.written) return;
    this.written = text;
    try {
      this.storage?.setItem(this.key, text);
    } catch {
      // Full, or forbidden by the browser: kept in memory only.
    }
  }

  private read(): Record<string, string> {
    try {
      const text = this.storage?.getItem(this.key) ?? '{}';
      return (JSON.parse(text) as Record<string, string> | null) ?? {};
    } catch {
      return {};
    }
  }
}
