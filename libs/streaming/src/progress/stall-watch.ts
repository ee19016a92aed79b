import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { inTurns } from '../turns/in-turns.js';
import { hexPort, sendQueueOf, socketKey, tableLines, type SocketKey } from './proc-net-tcp.js';

/** A watched connection. */
export interface WatchedConnection {
  /** How long the peer has acknowledged nothing while data was pending, in ms. */
  readonly stalledMs: number;
  release(): void;
}

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;

/**
 * Distinguishes slow connections from stalled ones. Node cannot: a client that reads 20 KB/s may not
 * complete a single write for almost a minute. The kernel's send queue shows the difference: bytes written
 * minus the queue were acknowledged by the peer.
 *
 * The tables are read once per period for all connections, and only while data may be unacknowledged.
 * Without `/proc/net` (not Linux), only data that Node has passed to the kernel counts. This is coarse,
 * because the kernel buffers megabytes.
 */
export class StallWatch {
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;
  private sampling = false;

  /** @param periodMs between two samples; a quarter of `write_timeout` is sufficient */
  constructor(
    private readonly periodMs: number,
    private readonly readTable: (path: string) => Promise<string> = (path) =>
      readFile(path, 'latin1'),
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Number of watched connections. */
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

  /** Samples every connection once. Called by the timer; tests may call it too. */
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
        // Without IPv6 or /proc, use what can be read.
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

  /** Data was written since the peer last had everything. */
  get isSuspect(): boolean {
    return this.socket.bytesWritten > this.acknowledged;
  }

  get stalledMs(): number {
    return this.waitingSince === undefined ? 0 : this.now() - this.waitingSince;
  }

  /** Records what was written before the tables are read; later data may or may not be in them. */
  mark(): void {
    const { bytesWritten, writableLength } = this.socket;
    this.written = bytesWritten;
    this.handedOver = bytesWritten - writableLength + this.inFlight();
  }

  note(queues: ReadonlyMap<SocketKey, number> | undefined): void {
    // A lower bound: only a value above all earlier ones is certain progress.
    const acknowledged = this.handedOver - (queues?.get(this.keyOnceNeeded()) ?? 0);
    if (acknowledged >= this.written) this.waitingSince = undefined;
    else if (acknowledged > this.acknowledged || this.waitingSince === undefined) {
      this.waitingSince = this.now();
    }
    this.acknowledged = Math.max(this.acknowledged, acknowledged);
  }

  /** Not computed when the watch starts: most connections of a reconnect storm are gone before the first sample. */
  private keyOnceNeeded(): SocketKey {
    const { remoteAddress = '', remotePort = 0 } = this.socket;
    return (this.key ??= socketKey(this.localPort, remoteAddress, remotePort) ?? '');
  }

  /**
   * The part of an unfinished write that the kernel has accepted. Without it, a large write would seem
   * stalled until its end. Only the handle knows this, and not every socket has one.
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
