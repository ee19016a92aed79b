import type { Claim } from './fair-queue.js';
import { LeaseQueue, type Lease } from './lease-queue.js';

/** The right to use one replay consumer. */
export type ReplayLease = Lease;

/**
 * Limits the replay consumers of a stream; further callers wait, fair by client. Leases are short: if
 * others wait, the holder releases its lease as soon as its client stops reading, so that stalled clients
 * cannot hold all slots.
 */
export class ReplaySlots extends LeaseQueue {
  /**
   * The turn to pull, one for all replays of the stream. Replays share a thread with live clients: with
   * turns, a live message waits for one pull to be written, not for one per replay.
   */
  readonly turns = new LeaseQueue(() => 1);
  private readonly contended = new Set<() => void>();

  override acquire(signal: AbortSignal, claim?: Claim): Promise<ReplayLease | undefined> {
    const before = this.waiting;
    const lease = super.acquire(signal, claim);
    if (this.waiting > before) for (const listener of [...this.contended]) listener();
    return lease;
  }

  /** Calls back when a caller starts to wait. Returns a function that removes the listener. */
  onContended(listener: () => void): () => void {
    this.contended.add(listener);
    return () => this.contended.delete(listener);
  }
}
