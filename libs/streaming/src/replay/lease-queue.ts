import { FairQueue, type Claim } from './fair-queue.js';

/** The right to something of which there is only so much. */
export interface Lease {
  /** Gives it back; safe to call twice. */
  release(): void;
}

/** What a queue tells of those who wait. */
export interface QueueObserver {
  /** How many wait now. */
  waiting(count: number): void;
  /** Somebody waited so long for a lease, in seconds. */
  waited(seconds: number): void;
}

const UNOBSERVED: QueueObserver = { waiting: () => undefined, waited: () => undefined };
const ANYBODY: Claim = { client: '' };

/**
 * A bounded number of leases. Who comes when all are given out waits: fair by client, then the shortest
 * first; see {@link FairQueue}.
 */
export class LeaseQueue {
  private given = 0;
  private readonly queue = new FairQueue<(lease: Lease) => void>();

  /**
   * @param limit leases at once; asked each time, since it may change
   * @param changed hears the number of leases that are given out
   */
  constructor(
    private readonly limit: () => number,
    private readonly changed: (given: number) => void = () => undefined,
    private readonly observer: QueueObserver = UNOBSERVED,
  ) {}

  /** How many wait. */
  get waiting(): number {
    return this.queue.size;
  }

  /** Whether somebody waits who has nothing, while this client holds more than its share. */
  isOverShare(client: string): boolean {
    return this.queue.held(client) > 1 && this.queue.hasOther(client);
  }

  /** A lease at once, or none. */
  tryAcquire(claim: Claim = ANYBODY): Lease | undefined {
    return this.given < this.limit() && this.queue.size === 0
      ? this.lease(claim.client)
      : undefined;
  }

  /** A lease in turn; undefined when the signal came first. */
  acquire(signal: AbortSignal, claim: Claim = ANYBODY): Promise<Lease | undefined> {
    const free = this.tryAcquire(claim);
    if (free !== undefined || signal.aborted) return Promise.resolve(free);
    return new Promise((resolve) => {
      const since = performance.now();
      const waiter = this.queue.add(claim, (lease) => {
        signal.removeEventListener('abort', abandon);
        this.observer.waited((performance.now() - since) / 1000);
        resolve(lease);
      });
      const abandon = (): void => {
        this.queue.remove(waiter);
        this.observer.waiting(this.queue.size);
        resolve(undefined);
      };
      signal.addEventListener('abort', abandon, { once: true });
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

  /** As many as there are: the limit may have risen since the last one was given back. */
  private grantNext(): void {
    while (this.given < this.limit()) {
      const next = this.queue.take();
      if (next === undefined) return;
      this.observer.waiting(this.queue.size);
      next.value(this.lease(next.client));
    }
  }
}
