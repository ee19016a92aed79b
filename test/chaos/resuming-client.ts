import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { disposeAtEnd } from '../support/disposal.js';
import { EventStreamParser, type StreamBlock } from './event-stream-parser.js';
import { History } from './history.js';
import type { Random } from './random.js';

/** How a client reads, and how long it stays connected. Undefined or 0 disables a behavior. */
export interface Habits {
  /** Bytes per second that it reads. */
  readonly bytesPerSecond?: number;
  /** Stops reading at intervals: time between stalls, and their duration, in ms. */
  readonly stalls?: { readonly everyMs: number; readonly forMs: number };
  /** Disconnects and reconnects at intervals, in ms. */
  readonly leaves?: { readonly everyMs: number; readonly forMs: number };
}

export interface ResumingClientOptions {
  /** Called for each connection: clients may alternate between processes. */
  readonly url: () => string;
  readonly topics: readonly string[];
  readonly habits?: Habits;
  readonly random: Random;
  /** The first cursor; starts live without one. */
  readonly cursor?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Maximum reconnect delay, whatever `retry:` says, to keep tests short. */
  readonly longestRetryMs?: number;
}

/** How a connection began. */
export interface ClientStart {
  readonly recovery: string;
  readonly reason?: string;
}

/**
 * Reconnects as an `EventSource` does (last event id from every id line, heartbeats included; delay
 * from `retry:`), and checks every id. Ends with the test file.
 */
export class ResumingClient {
  readonly history = new History();
  readonly starts: ClientStart[] = [];
  readonly resets: string[] = [];
  /** Comments other than heartbeats: reasons of transient answers and of ends. */
  readonly comments: string[] = [];
  connections = 0;
  private lastEventId: string;
  private retryMs = 100;
  private outgoing: ClientRequest | undefined;
  private response: IncomingMessage | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();
  private closed = false;
  private hurried = false;
  /** How long it stays disconnected after it has disconnected itself. */
  private awayMs: number | undefined;

  constructor(private readonly options: ResumingClientOptions) {
    this.lastEventId = options.cursor ?? '';
    if (options.cursor !== undefined) this.history.begin(Number(options.cursor));
    disposeAtEnd(() => this.close());
    this.connect();
    const { leaves, stalls } = options.habits ?? {};
    if (leaves) this.repeatedly(leaves.everyMs, () => this.leave(leaves.forMs));
    if (stalls) this.repeatedly(stalls.everyMs, () => this.stall(stalls.forMs));
  }

  /** The newest position that it received. */
  get position(): number {
    return this.history.current.position;
  }

  get cursor(): string {
    return this.lastEventId;
  }

  get topics(): readonly string[] {
    return this.options.topics;
  }

  /** Disables stalls, pauses and disconnects: from now on it only catches up. */
  shortenPause(): void {
    this.hurried = true;
    this.clearTimers();
    if (this.outgoing === undefined) this.connect();
    else this.response?.resume();
  }

  /** Cuts its connection; it reconnects at once. */
  drop(): void {
    this.outgoing?.destroy();
  }

  /** Stops reading until `resume`. */
  pause(): void {
    this.response?.pause();
  }

  resume(): void {
    this.response?.resume();
  }

  close(): void {
    this.closed = true;
    this.clearTimers();
    this.outgoing?.destroy();
  }

  private connect(): void {
    if (this.closed || this.outgoing !== undefined) return;
    const { url, topics, headers } = this.options;
    const query = topics.map((topic) => `topic=${topic}`).join('&');
    const cursor = this.lastEventId;
    const outgoing = request(`${url()}?${query}`, {
      agent: false,
      headers: {
        accept: 'text/event-stream',
        ...headers,
        ...(cursor !== '' && { 'last-event-id': cursor }),
      },
    });
    this.outgoing = outgoing;
    this.connections += 1;
    outgoing.on('error', () => undefined);
    outgoing.once('response', (response) => this.read(response, cursor));
    outgoing.once('close', () => {
      this.outgoing = undefined;
      this.response = undefined;
      const most = this.options.longestRetryMs ?? 300;
      const wait = this.awayMs ?? Math.min(this.retryMs, most);
      this.awayMs = undefined;
      this.later(wait, () => this.connect());
    });
    outgoing.end();
  }

  private read(response: IncomingMessage, sent: string): void {
    this.response = response;
    if (response.statusCode !== 200) {
      this.history.violations.push(`status ${response.statusCode}`);
      this.close();
      return;
    }
    const parser = new EventStreamParser((block) => this.take(block, sent));
    const { bytesPerSecond } = this.options.habits ?? {};
    response.setEncoding('utf8').on('error', () => undefined);
    response.on('data', (text: string) => {
      // Data that arrives after this side has disconnected is not dispatched.
      if (this.response === response && !this.closed) parser.accept(text);
      if (bytesPerSecond === undefined || this.hurried) return;
      response.pause();
      this.later((1000 * text.length) / bytesPerSecond, () => response.resume());
    });
  }

  private take(block: StreamBlock, sent: string): void {
    if (block.retryMs !== undefined) this.retryMs = block.retryMs;
    if (block.comment !== undefined && !block.comment.startsWith('heartbeat')) {
      this.comments.push(block.comment);
    }
    if (block.event === 'connected') this.connected(block, sent);
    else if (block.event === 'reset') this.reset(block);
    else if (block.event !== undefined) this.history.message(sequenceOf(block.id));
    else if (block.id !== undefined && block.id !== this.lastEventId) {
      this.history.moved(sequenceOf(block.id));
    }
    if (block.id !== undefined) this.lastEventId = block.id;
  }

  private connected({ data, id }: StreamBlock, sent: string): void {
    const start = JSON.parse(data) as ClientStart;
    this.starts.push(start);
    if (start.recovery === 'fallback') this.history.begin(0);
    else this.history.connected(sequenceOf(id), sent === '' ? undefined : sequenceOf(sent));
  }

  private reset({ data, id }: StreamBlock): void {
    this.resets.push((JSON.parse(data) as { reason: string }).reason);
    this.history.begin(sequenceOf(id));
  }

  private leave(forMs: number): void {
    const { outgoing } = this;
    if (outgoing === undefined) return;
    this.awayMs = this.options.random.between(0, forMs);
    outgoing.destroy();
  }

  private stall(forMs: number): void {
    const { response } = this;
    response?.pause();
    this.later(this.options.random.between(1, forMs), () => response?.resume());
  }

  private repeatedly(everyMs: number, act: () => void): void {
    const wait = this.options.random.between(Math.ceil(everyMs / 2), everyMs * 2);
    this.later(wait, () => {
      act();
      if (!this.hurried) this.repeatedly(everyMs, act);
    });
  }

  private later(ms: number, act: () => void): void {
    if (this.closed) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, ms);
    this.timers.add(timer);
  }

  private clearTimers(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

function sequenceOf(id: string | undefined): number {
  return Number((id ?? '').split('-')[0] || Number.NaN);
}
