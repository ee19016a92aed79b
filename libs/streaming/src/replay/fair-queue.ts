/** A request for a lease. */
export interface Claim {
  /** The token's subject, else the address. */
  readonly client: string;
  /** Upper bound of the sequences left to read; without it, clients take turns. */
  readonly left?: number;
  /** Called when the caller begins to wait, and when its wait ends. */
  readonly waiting?: ((isWaiting: boolean) => void) | undefined;
}

/** A waiting caller. */
export interface Waiter<T> {
  readonly client: string;
  readonly value: T;
  /** The lower goes first. */
  readonly order: number;
}

/** Maximum number of clients compared per turn, which bounds the cost of a turn in a reconnect storm. */
const COMPARED_CLIENTS = 64;
/** Each millisecond of waiting counts like this number of sequences less, so that long replays are not starved. */
const SEQUENCES_PER_MS = 20;

/**
 * Waiting callers of many clients. The next turn goes to the client with the fewest leases, then to the one
 * that has waited longest for its turn; the shortest claim breaks ties. Within one client, the shortest
 * claim goes first. A client uses memory only while it waits or holds a lease.
 */
export class FairQueue<T> {
  // The map's order is the order of turns; each list is sorted.
  private readonly lists = new Map<string, Waiter<T>[]>();
  private readonly holdings = new Map<string, number>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  held(client: string): number {
    return this.holdings.get(client) ?? 0;
  }

  /** Whether a different client is waiting. */
  hasOther(client: string): boolean {
    return this.lists.size > (this.lists.has(client) ? 1 : 0);
  }

  add({ client, left }: Claim, value: T): Waiter<T> {
    const order = left === undefined ? 0 : left + performance.now() * SEQUENCES_PER_MS;
    const waiter = { client, value, order };
    const list = this.lists.get(client);
    if (list === undefined) this.lists.set(client, [waiter]);
    else list.splice(placeAfter(list, order), 0, waiter);
    this.count++;
    return waiter;
  }

  remove(waiter: Waiter<T>): void {
    const list = this.lists.get(waiter.client);
    const index = list?.indexOf(waiter) ?? -1;
    if (list === undefined || index < 0) return;
    list.splice(index, 1);
    this.count--;
    if (list.length === 0) this.lists.delete(waiter.client);
  }

  /** Removes and returns the next caller. */
  take(): Waiter<T> | undefined {
    let best: Waiter<T> | undefined;
    let compared = 0;
    for (const [first] of this.lists.values()) {
      if (first !== undefined && this.goesBefore(first, best)) best = first;
      if (++compared >= COMPARED_CLIENTS) break;
    }
    if (best === undefined) return undefined;
    this.remove(best);
    // Moves the client to the end until its next turn.
    const rest = this.lists.get(best.client);
    if (rest !== undefined && this.lists.delete(best.client)) this.lists.set(best.client, rest);
    return best;
  }

  hold(client: string): void {
    this.holdings.set(client, this.held(client) + 1);
  }

  release(client: string): void {
    const left = this.held(client) - 1;
    if (left > 0) this.holdings.set(client, left);
    else this.holdings.delete(client);
  }

  private goesBefore(one: Waiter<T>, other: Waiter<T> | undefined): boolean {
    if (other === undefined) return true;
    const [held, otherHeld] = [this.held(one.client), this.held(other.client)];
    return held === otherHeld ? one.order < other.order : held < otherHeld;
  }
}

function placeAfter(list: readonly { readonly order: number }[], order: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.order ?? Infinity) <= order) low = middle + 1;
    else high = middle;
  }
  return low;
}
