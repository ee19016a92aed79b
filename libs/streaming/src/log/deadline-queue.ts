interface Due<T> {
  readonly item: T;
  readonly at: number;
}

/** Items ordered by deadline, earliest first. A binary heap, because deadlines arrive in any order. */
export class DeadlineQueue<T> {
  private readonly heap: Due<T>[] = [];

  get length(): number {
    return this.heap.length;
  }

  push(item: T, at: number): void {
    const { heap } = this;
    let place = heap.length;
    heap.push({ item, at });
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.at(parent) <= at) return;
      this.swap(place, parent);
      place = parent;
    }
  }

  /** Removes and returns the earliest item with a deadline up to `now`; undefined if none is due. */
  shiftDue(now: number): T | undefined {
    const [first] = this.heap;
    if (first === undefined || first.at > now) return undefined;
    const last = this.heap.pop() as Due<T>;
    if (last !== first) {
      this.heap[0] = last;
      this.sink();
    }
    return first.item;
  }

  /** Removes the items that do not match. */
  retain(keep: (item: T) => boolean): void {
    const kept = this.heap.filter(({ item }) => keep(item));
    this.heap.length = 0;
    for (const { item, at } of kept) this.push(item, at);
  }

  clear(): void {
    this.heap.length = 0;
  }

  private sink(): void {
    for (let place = 0; ;) {
      const left = 2 * place + 1;
      const child = this.at(left + 1) < this.at(left) ? left + 1 : left;
      if (this.at(child) >= this.at(place)) return;
      this.swap(place, child);
      place = child;
    }
  }

  private at(place: number): number {
    return this.heap[place]?.at ?? Infinity;
  }

  private swap(a: number, b: number): void {
    const { heap } = this;
    [heap[a], heap[b]] = [heap[b] as Due<T>, heap[a] as Due<T>];
  }
}
