/** An item with a stream sequence. */
export interface Sequenced {
  readonly sequence: number;
}

/**
 * Items in ascending sequence order. Appending and removing at the front take amortised constant time;
 * `Array.shift` would move the whole window for each message.
 */
export class SequenceDeque<T extends Sequenced> {
  private items: (T | undefined)[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  get first(): T | undefined {
    return this.items[this.head];
  }

  get last(): T | undefined {
    return this.items.at(-1);
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.head];
    // Clear the slot now: an evicted message must not stay in memory until the next compaction.
    this.items[this.head++] = undefined;
    if (this.head > 64 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  /** The item at an index counted from the front. */
  at(index: number): T | undefined {
    return this.items[this.head + index];
  }

  /** Index of the first item after a sequence; `length` if there is none. */
  indexAfter(sequence: number): number {
    let low = this.head;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.items[middle] as T).sequence > sequence) high = middle;
      else low = middle + 1;
    }
    return low - this.head;
  }

  /** Up to `limit` items after a sequence. */
  after(sequence: number, limit: number): T[] {
    const start = this.head + this.indexAfter(sequence);
    return this.items.slice(start, start + limit) as T[];
  }

  /** The newest items, at most `limit`. */
  newest(limit: number): T[] {
    return this.items.slice(Math.max(this.head, this.items.length - limit)) as T[];
  }

  /** The items up to a sequence. */
  through(sequence: number): T[] {
    return this.items.slice(this.head, this.head + this.indexAfter(sequence)) as T[];
  }

  /** Removes the item with this sequence, if there is one. */
  remove(sequence: number): void {
    const index = this.indexAfter(sequence - 1);
    if (this.at(index)?.sequence !== sequence) return;
    if (index === 0) this.shift();
    else this.items.splice(this.head + index, 1);
  }

  /** Removes the items that do not match, in one pass. */
  retain(keep: (item: T) => boolean): void {
    this.items = (this.items.slice(this.head) as T[]).filter(keep);
    this.head = 0;
  }
}
