import type { FlatCounts, StateMessage } from './state-message.js';

/** A process is removed after this time without a message (contract §14), in ms. */
export const SILENCE_MS = 30_000;
/** Minimum time between two snapshot requests to one process, in ms. */
const ASK_AGAIN_MS = 500;

/** Limits that no publisher can exceed. */
export interface PeerLimits {
  readonly peers: number;
  /** Counts of all peers together. */
  readonly counts: number;
}

const LIMITS: PeerLimits = { peers: 1000, counts: 4_000_000 };

interface Peer {
  heardAt: number;
  /** Number of the last change included in `counts`; undefined until all counts are known. */
  seq: number | undefined;
  counts: Map<string, number>;
  /** An incomplete snapshot. */
  arriving?: { seq: number; parts: number; part: number; counts: Map<string, number> };
  askedAt: number;
}

/**
 * The other processes and their last reported counts. Counts are absolute and messages are numbered: the
 * next message reveals a lost one, and a snapshot is requested.
 */
export class PeerTable {
  private readonly peers = new Map<string, Peer>();
  private held = 0;

  constructor(
    private readonly clock: () => number = () => performance.now(),
    private readonly limits: PeerLimits = LIMITS,
  ) {}

  /** The processes that were heard from recently. */
  live(): string[] {
    const now = this.clock();
    return [...this.peers].filter(([, peer]) => isLive(peer, now)).map(([process]) => process);
  }

  has(process: string): boolean {
    return this.peers.has(process);
  }

  /** A client's streams in all of them. */
  countOf(key: string): number {
    const now = this.clock();
    let sum = 0;
    for (const peer of this.peers.values()) {
      if (isLive(peer, now)) sum += peer.counts.get(key) ?? 0;
    }
    return sum;
  }

  /**
   * Processes a state message.
   *
   * @returns whether a snapshot must be requested from that process
   */
  take(message: StateMessage): boolean {
    if (message.type === 'bye') {
      this.drop(message.process);
      return false;
    }
    const now = this.clock();
    const peer = this.peers.get(message.process) ?? this.add(message.process, now);
    if (peer === undefined) return false;
    peer.heardAt = now;
    // No changes yet: a process starts without clients.
    if (message.seq === 0) peer.seq ??= 0;
    if (message.type === 'snapshot') this.takeSnapshot(peer, message);
    else if (message.type === 'changes' && isNext(peer, message.seq)) {
      this.apply(peer.counts, message.counts);
      peer.seq = message.seq;
    }
    const isBehind =
      peer.seq === undefined || (message.type !== 'snapshot' && message.seq > peer.seq);
    if (!isBehind || now - peer.askedAt < ASK_AGAIN_MS) return false;
    peer.askedAt = now;
    return true;
  }

  /** Removes silent processes and returns them. */
  prune(): string[] {
    const now = this.clock();
    const silent = [...this.peers].filter(([, peer]) => !isLive(peer, now));
    for (const [process] of silent) this.drop(process);
    return silent.map(([process]) => process);
  }

  private add(process: string, now: number): Peer | undefined {
    if (this.peers.size >= this.limits.peers) return undefined;
    const peer: Peer = { heardAt: now, seq: undefined, counts: new Map(), askedAt: -Infinity };
    this.peers.set(process, peer);
    return peer;
  }

  private drop(process: string): void {
    const peer = this.peers.get(process);
    if (peer === undefined) return;
    this.held -= peer.counts.size + (peer.arriving?.counts.size ?? 0);
    this.peers.delete(process);
  }

  private takeSnapshot(peer: Peer, message: Extract<StateMessage, { type: 'snapshot' }>): void {
    const { seq, part, parts } = message;
    if (peer.seq !== undefined && seq < peer.seq) return;
    if (part === 1) {
      this.held -= peer.arriving?.counts.size ?? 0;
      peer.arriving = { seq, parts, part: 0, counts: new Map() };
    }
    const { arriving } = peer;
    if (arriving === undefined || arriving.seq !== seq || arriving.parts !== parts) return;
    if (part !== arriving.part + 1) return;
    arriving.part = part;
    this.apply(arriving.counts, message.counts);
    if (part < parts) return;
    this.held -= peer.counts.size;
    peer.counts = arriving.counts;
    peer.seq = seq;
    delete peer.arriving;
  }

  private apply(counts: Map<string, number>, changes: FlatCounts): void {
    const before = counts.size;
    for (let i = 0; i < changes.length; i += 2) {
      const key = changes[i] as string;
      const count = changes[i + 1] as number;
      if (count === 0) counts.delete(key);
      // Beyond the limit, count a client too low instead of exhausting memory.
      else if (counts.has(key) || this.held + counts.size - before < this.limits.counts) {
        counts.set(key, count);
      }
    }
    this.held += counts.size - before;
  }
}

function isLive(peer: Peer, now: number): boolean {
  return now - peer.heardAt <= SILENCE_MS;
}

function isNext(peer: Peer, seq: number): boolean {
  return seq === (peer.seq ?? 0) + 1;
}
