import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { inTurns } from '../turns/in-turns.js';
import { hexPort, sendQueueOf, socketKey, tableLines, type SocketKey } from './proc-net-tcp.js';

/** One connection under watch. */
export interface WatchedConnection {
  /** For how long its peer has acknowledged nothing while something waited for it, in ms. */
  readonly stalledMs: number;
  release(): void;
}

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;

/**
 * Tells slow connections from stalled ones. Inside Node both look alike: a reader of 20 KB/s frees
 * no whole write for the better part of a minute. What tells them apart is what the kernel still
 * holds: bytes written minus the socket's send queue is what the peer acknowledged.
 *
 * The tables are read once a period for all connections, and only while something is unacknowledged
 * as far as is known. Where there is no `/proc/net` (not Linux) only
 * what Node itself has handed over counts, which is coarse: megabytes lie in the kernel.
 */
export class StallWatch {
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;
  private sampling = false;

  /** @param periodMs between two samples; a quarter of `write_timeout` is fine enough */
  constructor(
    private readonly periodMs: number,
    private readonly readTable: (path: string) => Promise<string> = (path) =>
      readFile(path, 'latin1'),
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Connections under watch. */
  get size(): number {
    return this.watched.size;
  }

  watch(socket: Socket): WatchedConnection {
    const watched = new Watched(socket, this.now, () => {
      this.watched.delete(watched);
      if (this.watched.size === 0) this.stop();
    });
    this.watched.add(watched);
    this.timer ??= setInterval(() => void this.sample(), this.periodMs).unref();
    return watched;
  }

  /** Looks at every connection once. The timer calls it; tests may. */
  async sample(): Promise<void> {
    if (this.sampling) return;
    this.sampling = true;
    try {
      const suspects: Watched[] = [];
      await inTurns(this.watched, (each) => {
        if (!each.isSuspect) return;
        each.mark();
        suspects.push(each);
      });
      if (suspects.length === 0) return;
      const queues = await this.sendQueues(suspects);
      await inTurns(suspects, (suspect) => suspect.note(queues));
    } finally {
      this.sampling = false;
    }
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async sendQueues(
    suspects: readonly Watched[],
  ): Promise<ReadonlyMap<SocketKey, number> | undefined> {
    const ports = new Set([...new Set(suspects.map(({ localPort }) => localPort))].map(hexPort));
    const queues = new Map<SocketKey, number>();
    let isReadable = false;
    for (const path of TABLES) {
      try {
        const table = await this.readTable(path);
        isReadable = true;
        await inTurns(tableLines(table), (line) => {
          const queue = sendQueueOf(line, ports);
          if (queue !== undefined) queues.set(queue.key, queue.bytes);
        });
      } catch {
        // No IPv6, or no /proc: what can be read decides.
      }
    }
    return isReadable ? queues : undefined;
  }
}

class Watched implements WatchedConnection {
  private key: SocketKey | undefined;
  private acknowledged = 0;
  private written = 0;
  private handedOver = 0;
  private waitingSince: number | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly now: () => number,
    readonly release: () => void,
  ) {}

  get localPort(): number {
    return this.socket.localPort ?? 0;
  }

  /** Something was written since the peer last had everything. */
  get isSuspect(): boolean {
    return this.socket.bytesWritten > this.acknowledged;
  }

  get stalledMs(): number {
    return this.waitingSince === undefined ? 0 : this.now() - this.waitingSince;
  }

  /** Notes what was written before the tables are read: what comes meanwhile may be in them, or not. */
  mark(): void {
    const { bytesWritten, writableLength } = this.socket;
    this.written = bytesWritten;
    this.handedOver = bytesWritten - writableLength + this.inFlight();
  }

  note(queues: ReadonlyMap<SocketKey, number> | undefined): void {
    // At least so much: only what lies above everything seen before is progress for certain.
    const acknowledged = this.handedOver - (queues?.get(this.keyOnceNeeded()) ?? 0);
    if (acknowledged >= this.written) this.waitingSince = undefined;
    else if (acknowledged > this.acknowledged || this.waitingSince === undefined) {
      this.waitingSince = this.now();
    }
    this.acknowledged = Math.max(this.acknowledged, acknowledged);
  }

  /** Not when the watch begins: most connections of a storm are gone before the first sample. */
  private keyOnceNeeded(): SocketKey {
    const { remoteAddress = '', remotePort = 0 } = this.socket;
    return (this.key ??= socketKey(this.localPort, remoteAddress, remotePort) ?? '');
  }

  /**
   * Of a write that Node counts as unfinished, the part that the kernel has taken: without it a large
   * write would look stalled until its end. Only the handle knows; not every socket has one.
   */
  private inFlight(): number {
    const handle = (this.socket as { _handle?: { writeQueueSize?: number } | null })._handle;
    const queued = handle?.writeQueueSize;
    const inFlight = (this.socket as { _bytesDispatched?: number })._bytesDispatched;
    if (queued === undefined || inFlight === undefined) return 0;
    const { bytesWritten, writableLength } = this.socket;
    return Math.max(0, inFlight - queued - (bytesWritten - writableLength));
  }
}
