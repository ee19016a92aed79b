/** The right to something of which there is only so much. */
export interface Lease {
  /** Gives it back; safe to call twice. */
  release(): void;
}

/** A bounded number of leases; who comes when all are given out waits in order of arrival. */
export class LeaseQueue {
  private given = 0;
  private readonly queue: ((lease: Lease) => void)[] = [];

  /**
   * @param limit leases at once; asked each time, since it may change
   * @param changed hears the number of leases that are given out
   */
  constructor(
    private readonly limit: () => number,
    private readonly changed: (given: number) => void = () => undefined,
  ) {}

  /** How many wait. */
  get waiting(): number {
    return this.queue.length;
  }

  /** A lease at once, or none. */
  tryAcquire(): Lease | undefined {
    return this.given < this.limit() && this.queue.length === 0 ? this.lease() : undefined;
  }

  /** A lease in turn; undefined when the signal came first. */
  acquire(signal: AbortSignal): Promise<Lease | undefined> {
    const free = this.tryAcquire();
    if (free !== undefined || signal.aborted) return Promise.resolve(free);
    return new Promise((resolve) => {
      const grant = (lease: Lease): void => {
        signal.removeEventListener('abort', abandon);
        resolve(lease);
      };
      const abandon = (): void => {
        const index = this.queue.indexOf(grant);
        if (index >= 0) this.queue.splice(index, 1);
        resolve(undefined);
      };
      signal.addEventListener('abort', abandon, { once: true });
      this.queue.push(grant);
    });
  }

  private lease(): Lease {
    this.given++;
    this.changed(this.given);
    let isHeld = true;
    return {
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.given--;
        this.changed(this.given);
        this.grantNext();
      },
    };
  }

  /** As many as there are: the limit may have risen since the last one was given back. */
  private grantNext(): void {
    while (this.given < this.limit()) {
      const next = this.queue.shift();
      if (next === undefined) return;
      next(this.lease());
    }
  }
}
