import type { Claim } from './fair-queue.js';
import { LeaseQueue, type Lease } from './lease-queue.js';

/** The right to hold one replay consumer. */
export type ReplayLease = Lease;

/**
 * A bounded number of replay consumers for a stream; the others wait, fair by client. A lease is
 * meant to be short: its holder gives it back as soon as its client does not read, if others wait,
 * so that stalled readers cannot hold all slots for ever.
 */
export class ReplaySlots extends LeaseQueue {
  /**
   * The turn to pull, one for all replays of the stream. They share a thread with the live clients:
   * with a turn, a live message waits for one pull to be written, however many replays there are,
   * and not for one of each.
   */
  readonly turns = new LeaseQueue(() => 1);
  private readonly contended = new Set<() => void>();

  override acquire(signal: AbortSignal, claim?: Claim): Promise<ReplayLease | undefined> {
    const before = this.waiting;
    const lease = super.acquire(signal, claim);
    if (this.waiting > before) for (const listener of [...this.contended]) listener();
    return lease;
  }

  /** Hears when somebody begins to wait. Returns what takes the listener away. */
  onContended(listener: () => void): () => void {
    this.contended.add(listener);
    return () => this.contended.delete(listener);
  }
}
