import {
  request,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { disposeAtEnd } from '../support/disposal.js';
import { parseFrame, type RawFrame } from '../support/raw-frame.js';
import { until } from '../support/until.js';

/**
 * A client that takes gzip and decodes what comes as it comes, by zlib's streaming inflater: a frame
 * appears here only if the bytes received so far are enough for it. Ends with the test file.
 */
export class GzipClient {
  /** The body as received. */
  readonly wire: Buffer[] = [];
  readonly frames: RawFrame[] = [];
  /** `end` cleanly, `cut` without its end, `aborted` by this side. */
  over: 'end' | 'cut' | 'aborted' | undefined;
  /** An error of the inflater: the body is no gzip stream, or ends without a right trailer. */
  broken: Error | undefined;
  private text = '';
  private rest = '';
  private readonly inflater = createGunzip();

  private constructor(
    private readonly outgoing: ClientRequest,
    private readonly response: IncomingMessage,
  ) {
    this.inflater.setEncoding('utf8').on('data', (text: string) => this.accept(text));
    this.inflater.on('error', (error) => {
      this.broken = error;
      this.over ??= 'cut';
    });
    response.on('data', (chunk: Buffer) => {
      this.wire.push(chunk);
      this.inflater.write(chunk);
    });
    // Data is decoded asynchronously, so the end is that of the inflater.
    this.inflater.once('end', () => (this.over ??= 'end'));
    response.once('end', () => this.inflater.end());
    response.once('close', () => {
      if (!response.complete) this.over ??= 'cut';
    });
    response.on('error', () => (this.over ??= 'cut'));
  }

  static open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<GzipClient> {
    return new Promise((resolve, reject) => {
      const outgoing = request(url, {
        headers: { accept: 'text/event-stream', 'accept-encoding': 'gzip', ...headers },
        agent: false,
      });
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        const client = new GzipClient(outgoing, response);
        disposeAtEnd(() => client.abort());
        resolve(client);
      });
      outgoing.end();
    });
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  get messages(): RawFrame[] {
    return this.frames.filter(({ event }) => event === 'message');
  }

  /** IDs of the messages in order of arrival. */
  get ids(): number[] {
    return this.messages.map(({ id }) => Number(id));
  }

  /** Everything that was decoded. */
  get decoded(): string {
    return this.text;
  }

  /** Decompresses the whole body; throws if the trailer's checksum or length is wrong or missing. */
  whole(): string {
    return gunzipSync(Buffer.concat(this.wire)).toString();
  }

  /** Decompresses what has been received so far, although the stream has not ended. */
  decodedNow(): string {
    const finishFlush = constants.Z_SYNC_FLUSH;
    return gunzipSync(Buffer.concat(this.wire), { finishFlush }).toString();
  }

  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  abort(): void {
    this.over ??= 'aborted';
    this.outgoing.destroy();
  }

  frame(fits: (frame: RawFrame) => boolean, timeoutMs = 10_000): Promise<RawFrame> {
    const what = (): string => `a frame; came: ${JSON.stringify(this.frames.slice(-5))}`;
    return until(() => this.frames.find(fits), { what, timeoutMs });
  }

  async waitForMessages(count: number, timeoutMs = 15_000): Promise<void> {
    const what = (): string => `${count} messages; came: ${this.messages.length}`;
    await until(() => this.messages.length >= count, { what, timeoutMs });
  }

  async ended(): Promise<string | undefined> {
    return until(() => this.over, { what: 'the end of the stream' });
  }

  private accept(text: string): void {
    this.text += text;
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) if (block !== '') this.frames.push(parseFrame(block));
  }
}
