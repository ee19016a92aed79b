/** The right to hold one replay consumer. */
export interface ReplayLease {
  /** Gives the slot back; safe to call twice. */
  release(): void;
}

/**
 * A bounded number of replay consumers for a stream; the others wait in order of arrival. A lease is
 * meant to be short: its holder gives it back as soon as its client does not read, if others wait,
 * so that stalled readers cannot hold all slots for ever.
 */
export class ReplaySlots {
  private held = 0;
  private readonly queue: ((lease: ReplayLease) => void)[] = [];
  private readonly contended = new Set<() => void>();

  /**
   * @param limit slots
   * @param changed hears the number of held slots
   */
  constructor(
    private readonly limit: () => number,
    private readonly changed: (held: number) => void = () => undefined,
  ) {}

  /** Sessions that wait for a slot. */
  get waiting(): number {
    return this.queue.length;
  }

  /** A slot at once, or none. */
  tryAcquire(): ReplayLease | undefined {
    return this.held < this.limit() && this.queue.length === 0 ? this.lease() : undefined;
  }

  /** A slot in turn; undefined when the signal came first. */
  acquire(signal: AbortSignal): Promise<ReplayLease | undefined> {
    const free = this.tryAcquire();
    if (free !== undefined || signal.aborted) return Promise.resolve(free);
    return new Promise((resolve) => {
      const grant = (lease: ReplayLease): void => {
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
      for (const listener of [...this.contended]) listener();
    });
  }

  /** Hears when somebody begins to wait. Returns what takes the listener away. */
  onContended(listener: () => void): () => void {
    this.contended.add(listener);
    return () => this.contended.delete(listener);
  }

  private lease(): ReplayLease {
    this.held++;
    this.changed(this.held);
    let isHeld = true;
    return {
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.held--;
        this.changed(this.held);
        this.grantNext();
      },
    };
  }

  private grantNext(): void {
    if (this.held >= this.limit()) return;
    const next = this.queue.shift();
    if (next !== undefined) next(this.lease());
  }
}
