import { connect, type Socket } from 'node:net';
import type { BodySink } from './body-sink.interface.js';
import { Gunzip } from './gunzip.js';
import { FrameScanner } from './frame-scanner.js';
import type { Histogram } from './histogram.js';
import { NewestId } from './newest-id.js';
import { ResponseReader } from './response-reader.js';
import type { WallClock } from './wall-clock.js';

/** One buffer for the reads of all sockets: each read is consumed before the next. */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);

/** The shared counts of a group's clients. */
export interface GroupCounts {
  readonly latency: Histogram;
  frames: number;
  disorder: number;
}

/** How one client connects. */
export interface SseClientOptions {
  readonly url: URL;
  readonly lastEventId: string | undefined;
  readonly isChecking: boolean;
  readonly stalls: boolean;
  readonly gzip: boolean;
  readonly counts: GroupCounts;
  readonly clock: WallClock;
  /** Called for everything that may end a wait: the connected event, a newer ID, the end. */
  readonly changed: (client: SseClient) => void;
}

/** A client on a plain socket: counts bytes and keeps the newest ID. */
export class SseClient {
  isConnected = false;
  isLost = false;
  /** The newest id; -1 before the first. */
  newest = -1;
  readonly beganMs: number;
  private readonly socket: Socket;
  private readonly reader: ResponseReader;
  private bytesBefore = 0;
  private nowMs = 0;

  constructor(private readonly options: SseClientOptions) {
    const { url, clock } = options;
    const reader = new ResponseReader(this.sink());
    this.reader = reader;
    this.beganMs = clock.now();
    this.socket = connect({
      host: url.hostname,
      port: Number(url.port),
      onread: {
        buffer: READ_BUFFER,
        callback: (length, bytes) => {
          this.nowMs = clock.now();
          reader.read(bytes as Buffer, length);
          if (reader.isOver || (reader.status !== 0 && reader.status !== 200)) this.lose();
          return true;
        },
      },
    });
    this.socket.on('error', () => this.lose());
    this.socket.on('close', () => this.lose());
    this.socket.write(requestOf(options));
  }

  get isChecking(): boolean {
    return this.options.isChecking;
  }

  /** Bytes of the body since the last reset. */
  get bytes(): number {
    return this.reader.bodyBytes - this.bytesBefore;
  }

  reset(): void {
    this.bytesBefore = this.reader.bodyBytes;
  }

  close(): void {
    this.isLost = true;
    this.socket.destroy();
  }

  private sink(): BodySink {
    if (this.options.gzip)
      return this.options.isChecking ? new Gunzip(this.scanner()) : this.counter();
    if (!this.options.isChecking) {
      const newest = new NewestId((id) => this.moved(id));
      return {
        body: (bytes, start, end) => {
          newest.body(bytes, start, end);
          // Nest opens a stream with an empty line, which is not yet a block.
          if (!this.isConnected && end - start > 2) this.moved(this.newest);
        },
      };
    }
    return this.scanner();
  }

  /** Decompressing every stream would use more CPU than the service: this client only counts bytes. */
  private counter(): BodySink {
    return { body: () => void (this.isConnected || this.moved(Number.MAX_SAFE_INTEGER)) };
  }

  private scanner(): FrameScanner {
    return new FrameScanner({
      frame: (id, hasData, isConnected, storedMs) => {
        if (hasData && !isConnected) this.check(id, storedMs);
        else this.moved(Math.max(id, this.newest));
      },
    });
  }

  private check(id: number, storedMs: number): void {
    const { counts } = this.options;
    counts.frames++;
    if (storedMs === storedMs) counts.latency.record(this.nowMs - storedMs);
    if (id <= this.newest) counts.disorder++;
    this.moved(id);
  }

  private moved(id: number): void {
    this.newest = id;
    if (!this.isConnected) {
      this.isConnected = true;
      if (this.options.stalls) this.socket.pause();
    }
    this.options.changed(this);
  }

  private lose(): void {
    if (this.isLost) return;
    this.close();
    this.options.changed(this);
  }
}

function requestOf({ url, lastEventId, gzip }: SseClientOptions): string {
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Accept: text/event-stream',
    'Cache-Control: no-cache',
    ...(gzip ? ['Accept-Encoding: gzip'] : []),
    ...(lastEventId === undefined ? [] : [`Last-Event-ID: ${lastEventId}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
