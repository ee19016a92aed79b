import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { topicFilter } from './topics.js';

interface Stored {
  readonly sequence: number;
  readonly topic: string;
  readonly payload: unknown;
}

interface Connection {
  readonly covers: (topic: string) => boolean;
  readonly response: ServerResponse;
}

/** A refusal for the next requests. */
export interface FakeRefusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An in-memory hub that implements the contract: streams, cursors, `start`, pages of history. */
export class FakeHub {
  /** All stream requests. */
  readonly requests: IncomingMessage[] = [];
  /** Decides about each request; undefined accepts it. */
  refuse: (request: IncomingMessage, topics: string[]) => FakeRefusal | undefined = () => undefined;
  /** The `retry:` of connected events. */
  retryMs = 1;
  /** Further streams get the transient answer. */
  maxConnections = Infinity;
  /** Delays answers, including the connected event. */
  paused: Promise<unknown> | undefined;
  private log: Stored[] = [];
  private newest = 0;
  private readonly connections = new Set<Connection>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeHub> {
    const server = createServer((request, response) => void hub.answer(request, response));
    const hub = new FakeHub(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/events`;
  }

  get open(): number {
    return this.connections.size;
  }

  publish(topic: string, payload: unknown): string {
    const message = { sequence: ++this.newest, topic, payload };
    this.log.push(message);
    for (const { covers, response } of this.connections) {
      if (covers(topic)) response.write(frameOf(message));
    }
    return String(message.sequence);
  }

  /** Sends text to every open stream. */
  send(text: string): void {
    for (const { response } of this.connections) response.write(text);
  }

  /** Cuts every stream in the middle of a frame. */
  cut(): void {
    for (const { response } of this.connections) {
      response.write('event: message\ndata: {"topic":"a","payl');
      response.destroy();
    }
    this.connections.clear();
  }

  /** Recreates the stream, empty. */
  recreate(): void {
    this.log = [];
    this.newest = 0;
    const reset = 'retry: 1\nevent: reset\ndata: {"reason":"stream_recreated"}\nid: 0\n\n';
    for (const { response } of this.connections) response.end(reset);
    this.connections.clear();
  }

  /** Removes everything up to a sequence. */
  forget(sequence: number): void {
    this.log = this.log.filter((each) => each.sequence > sequence);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { searchParams } = new URL(request.url ?? '', this.url);
    const topics = searchParams.getAll('topic');
    const wantsPage = request.headers.accept === 'application/json';
    if (!wantsPage) this.requests.push(request);
    await this.paused;
    const refusal = this.refuse(request, topics);
    if (!wantsPage && this.connections.size >= this.maxConnections) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`: Too many concurrent connections\nretry: ${this.retryMs}\n\n`);
    } else if (refusal) {
      response.writeHead(refusal.status, {
        'content-type': 'application/json',
        ...refusal.headers,
      });
      response.end(JSON.stringify({ statusCode: refusal.status, message: refusal.message }));
    } else if (wantsPage) this.page(topics, searchParams, response);
    else this.stream(topics, searchParams, response);
  }

  private page(topics: string[], query: URLSearchParams, response: ServerResponse): void {
    const found = this.find(topics, query);
    const limit = Number(query.get('limit') ?? 100);
    const messages = found.slice(0, limit);
    const more = found.length > limit;
    const position = String(more ? messages.at(-1)?.sequence : this.newest);
    response.writeHead(200, { 'content-type': 'application/json' });
    const listed = messages.map(({ sequence, ...rest }) => ({
      id: String(sequence),
      ...rest,
      time: TIME,
    }));
    response.end(JSON.stringify({ topics, recovery: 'live', messages: listed, position, more }));
  }

  private stream(topics: string[], query: URLSearchParams, response: ServerResponse): void {
    const cursor = query.get('last-id');
    const first = this.log[0]?.sequence ?? this.newest + 1;
    let [recovery, reason]: [string, string | undefined] = [cursor ? 'resumed' : 'live', undefined];
    if (Number(cursor) > this.newest) reason = 'cursor ahead of stream';
    else if (cursor && Number(cursor) + 1 < first) reason = 'sequence below retention';
    if (reason) recovery = 'fallback';
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const data = JSON.stringify({ topics, recovery, reason });
    const id = cursor ?? String(this.newest);
    response.write(`\nretry: ${this.retryMs}\nevent: connected\ndata: ${data}\nid: ${id}\n\n`);
    const after = reason === 'cursor ahead of stream' ? '0' : (cursor ?? String(this.newest));
    for (const each of this.find(topics, new URLSearchParams({ 'last-id': after }))) {
      response.write(frameOf(each));
    }
    const connection = { covers: topicFilter(topics), response };
    this.connections.add(connection);
    response.on('close', () => this.connections.delete(connection));
  }

  private find(topics: string[], query: URLSearchParams): Stored[] {
    const covers = topicFilter(topics);
    const all = this.log.filter(({ topic }) => covers(topic));
    const cursor = query.get('last-id');
    const start = query.get('start') ?? 'live';
    if (cursor !== null) return all.filter(({ sequence }) => sequence > Number(cursor));
    if (start === 'all') return all;
    if (start === 'last')
      return all.filter((each) => each === all.findLast(({ topic }) => topic === each.topic));
    const count = /^last:(\d+)$/.exec(start)?.[1];
    return count === undefined ? [] : all.slice(-Number(count));
  }
}

const TIME = '2026-01-01T00:00:00.000000001Z';

function frameOf({ sequence, topic, payload }: Stored): string {
  const data = JSON.stringify({ topic, payload, time: TIME });
  return `event: message\ndata: ${data}\nid: ${sequence}\n\n`;
}
