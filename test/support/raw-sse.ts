import {
  request,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { disposeAtEnd } from './disposal.js';
import { parseFrame, type RawFrame } from './raw-frame.js';
import { until, type UntilOptions } from './until.js';

/** The options of a raw stream. */
export interface RawSseOptions {
  readonly method?: string;
  /** Default: `Accept: text/event-stream`. An empty object sends no `Accept`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Nothing is read until `resume` or `take` is called. */
  readonly paused?: boolean;
}

/**
 * An event stream, or any other answer, as it comes over the wire: nothing interpreted, nothing
 * reconnected. Ends with the test file.
 */
export class RawSse {
  /** All bytes of the body so far, decoded. */
  body = '';
  /** The blocks of the body so far, in order, each without its empty line. */
  readonly frames: RawFrame[] = [];
  /** How the response ended: `end` completely, `cut` without its end, `aborted` by this side. */
  over: 'end' | 'cut' | 'aborted' | undefined;
  private rest = '';

  private constructor(
    private readonly outgoing: ClientRequest,
    private readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.once('end', () => (this.over ??= response.complete ? 'end' : 'cut'));
    response.once('close', () => (this.over ??= 'cut'));
    response.on('error', () => (this.over ??= 'cut'));
  }

  /** Sends the request and resolves once the response headers have arrived. */
  static open(url: string, options: RawSseOptions = {}): Promise<RawSse> {
    const { method = 'GET', headers = { accept: 'text/event-stream' }, paused = false } = options;
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { method, headers, agent: false });
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        const stream = new RawSse(outgoing, response);
        disposeAtEnd(() => stream.abort());
        if (!paused) stream.resume();
        resolve(stream);
      });
      outgoing.end(options.body);
    });
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** The local port of this client. */
  get localPort(): number {
    return (this.response.socket.address() as AddressInfo).port;
  }

  /** The frames with data, without comments and single IDs. */
  get events(): RawFrame[] {
    return this.frames.filter(({ data }) => data !== undefined);
  }

  json(): unknown {
    return JSON.parse(this.body);
  }

  /** Reads as fast as possible from now on. */
  resume(): void {
    if (this.response.listenerCount('data') === 0) {
      this.response.on('data', (text: string) => this.accept(text));
    }
    this.response.resume();
  }

  /** Stops reading; data stays in the buffers of the kernel and of Node. */
  pause(): void {
    this.response.pause();
  }

  /** Aborts the request, like a browser that is closed. */
  abort(): void {
    this.over ??= 'aborted';
    this.outgoing.destroy();
  }

  /** Waits until a frame matches, from the beginning of the stream on. */
  async frame(fits: (frame: RawFrame) => boolean, options: UntilOptions = {}): Promise<RawFrame> {
    const what = (): string => `a frame; came: ${JSON.stringify(this.frames.slice(-5))}`;
    return until(() => this.frames.find(fits), { what, ...options });
  }

  /** Waits for this many frames with data, and returns all that were received. */
  async waitForEvents(count: number, options: UntilOptions = {}): Promise<RawFrame[]> {
    const what = (): string => `${count} events; came: ${this.events.length}`;
    await until(() => this.events.length >= count, { what, ...options });
    return this.events;
  }

  /** Waits for the end of the response, whichever side ended it. */
  async ended(options: UntilOptions = {}): Promise<'end' | 'cut' | 'aborted'> {
    return until(() => this.over, { what: 'the end of the stream', ...options });
  }

  /** Reads about `bytesPerSecond`, until the returned function is called: a slow client. */
  readSlowly(bytesPerSecond: number): () => void {
    this.pause();
    this.response.removeAllListeners('data');
    const timer = setInterval(() => {
      const wanted = Math.ceil(bytesPerSecond / 10);
      const text = this.response.read(Math.min(wanted, this.response.readableLength)) as
        string | null;
      if (text) this.accept(text);
    }, 100);
    const stop = (): void => clearInterval(timer);
    this.response.once('close', stop);
    return stop;
  }

  private accept(text: string): void {
    this.body += text;
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) if (block !== '') this.frames.push(parseFrame(block));
  }
}
