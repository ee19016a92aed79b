import { FairQueue, type Claim } from './fair-queue.js';

/** The right to use one of a limited number of resources. */
export interface Lease {
  /** Releases it; calling it twice is safe. */
  release(): void;
}

/** Observes the callers that wait. */
export interface QueueObserver {
  /** The number of waiting callers changed. */
  waiting(count: number): void;
  /** A caller waited this long for a lease, in seconds. */
  waited(seconds: number): void;
}

const UNOBSERVED: QueueObserver = { waiting: () => undefined, waited: () => undefined };
const DEFAULT_CLAIM: Claim = { client: '' };

/**
 * A limited number of leases. If all are taken, callers wait: fair by client, then the shortest first; see
 * {@link FairQueue}.
 */
export class LeaseQueue {
  private given = 0;
  private readonly queue = new FairQueue<(lease: Lease) => void>();

  /**
   * @param limit maximum number of leases; called each time, because it may change
   * @param changed called with the number of leases in use
   */
  constructor(
    private readonly limit: () => number,
    private readonly changed: (given: number) => void = () => undefined,
    private readonly observer: QueueObserver = UNOBSERVED,
  ) {}

  /** Number of waiting callers. */
  get waiting(): number {
    return this.queue.size;
  }

  /** Whether a client without a lease waits while this client has more than its share. */
  isOverShare(client: string): boolean {
    return this.queue.held(client) > 1 && this.queue.hasOther(client);
  }

  /** Returns a lease if one is free. */
  tryAcquire(claim: Claim = DEFAULT_CLAIM): Lease | undefined {
    return this.given < this.limit() && this.queue.size === 0
      ? this.lease(claim.client)
      : undefined;
  }

  /** Waits for a lease; undefined if the signal aborts first. */
  acquire(signal: AbortSignal, claim: Claim = DEFAULT_CLAIM): Promise<Lease | undefined> {
    const free = this.tryAcquire(claim);
    if (free !== undefined || signal.aborted) return Promise.resolve(free);
    return new Promise((resolve) => {
      const since = performance.now();
      const waiter = this.queue.add(claim, (lease) => {
        signal.removeEventListener('abort', abandon);
        claim.waiting?.(false);
        this.observer.waited((performance.now() - since) / 1000);
        resolve(lease);
      });
      const abandon = (): void => {
        this.queue.remove(waiter);
        claim.waiting?.(false);
        this.observer.waiting(this.queue.size);
        resolve(undefined);
      };
      signal.addEventListener('abort', abandon, { once: true });
      claim.waiting?.(true);
      this.observer.waiting(this.queue.size);
    });
  }

  private lease(client: string): Lease {
    this.given++;
    this.queue.hold(client);
    this.changed(this.given);
    let isHeld = true;
    return {
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.given--;
        this.queue.release(client);
        this.changed(this.given);
        this.grantNext();
      },
    };
  }

  /** Grants as many as are free: the limit may have risen since the last release. */
  private grantNext(): void {
    while (this.given < this.limit()) {
      const next = this.queue.take();
      if (next === undefined) return;
      this.observer.waiting(this.queue.size);
      next.value(this.lease(next.client));
    }
  }
}
