import { Histogram } from './histogram.js';
import type { GroupReport, OpenedGroup, OpenGroup } from './load-protocol.interface.js';
import { SseClient, type GroupCounts } from './sse-client.js';
import type { WallClock } from './wall-clock.js';

/** Clients of one kind in this process. */
export class ClientGroup {
  private readonly clients: SseClient[] = [];
  private readonly counts: GroupCounts = { latency: new Histogram(), frames: 0, disorder: 0 };
  /** Called for each client that made progress, while a call waits. */
  private waiting: ((client: SseClient) => void) | undefined;

  constructor(
    private readonly options: OpenGroup,
    private readonly clock: WallClock,
  ) {}

  /** Opens the clients; resolves when all have what they wait for, rejects when one is disconnected. */
  open(): Promise<OpenedGroup> {
    const { count, concurrency, until } = this.options;
    const opening = new Histogram();
    const beganMs = this.clock.now();
    if (count === 0) return Promise.resolve({ beganMs, endedMs: beganMs, opening: [] });
    return new Promise((resolve, reject) => {
      const open = new Set<SseClient>();
      this.waiting = (client) => {
        if (client.isLost) {
          reject(new Error(`${this.options.group}: a connection was lost while it was opened`));
          return;
        }
        const isThere = until === 'connected' ? client.isConnected : client.newest >= until;
        if (!isThere || open.has(client)) return;
        open.add(client);
        opening.record(this.clock.now() - client.beganMs);
        if (this.clients.length < count) this.connectNext();
        if (open.size < count) return;
        this.waiting = undefined;
        resolve({ beganMs, endedMs: this.clock.now(), opening: opening.data });
      };
      for (let started = 0; started < Math.min(count, concurrency); started++) this.connectNext();
    });
  }

  /** Resolves to the time when the last client had this ID. */
  until(id: number, timeoutMs: number): Promise<{ endedMs: number }> {
    const behind = new Set(this.clients.filter(({ newest }) => newest < id));
    if (behind.size === 0) return Promise.resolve({ endedMs: this.clock.now() });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const least = Math.min(...[...behind].map(({ newest }) => newest));
        const who = `${behind.size} of ${this.clients.length} clients`;
        const lost = this.clients.filter((client) => client.isLost).length;
        const where = `the last one stands at ${least}, ${lost} are lost`;
        reject(new Error(`${who} of "${this.options.group}" did not get ${id} in time: ${where}`));
      }, timeoutMs);
      this.waiting = (client) => {
        if (client.newest >= id) behind.delete(client);
        if (behind.size > 0) return;
        this.waiting = undefined;
        clearTimeout(timer);
        resolve({ endedMs: this.clock.now() });
      };
    });
  }

  report(): GroupReport {
    const bytes = this.clients.map((client) => client.bytes);
    return {
      clients: this.clients.length,
      lost: this.clients.filter(({ isLost }) => isLost).length,
      bytes: bytes.reduce((sum, each) => sum + each, 0),
      fewestBytes: Math.min(...bytes),
      mostBytes: Math.max(...bytes),
      checking: this.clients.filter(({ isChecking }) => isChecking).length,
      checkedFrames: this.counts.frames,
      disorder: this.counts.disorder,
      latency: this.counts.latency.data,
    };
  }

  reset(): void {
    this.counts.latency.clear();
    this.counts.frames = 0;
    this.counts.disorder = 0;
    for (const client of this.clients) client.reset();
  }

  close(): void {
    this.waiting = undefined;
    for (const client of this.clients) client.close();
  }

  private connectNext(): void {
    const { options, clock, counts } = this;
    const number = this.clients.length;
    const client = new SseClient({
      url: new URL(options.url.replaceAll('{i}', String(options.offset + number))),
      lastEventId: options.lastEventId,
      isChecking: number % options.checkEvery === 0,
      stalls: options.stalled,
      gzip: options.gzip,
      counts,
      clock,
      changed: (moved) => this.waiting?.(moved),
    });
    this.clients.push(client);
  }
}
