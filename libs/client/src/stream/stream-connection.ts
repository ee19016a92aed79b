import { HubError, toHubError } from '../hub-error.js';
import type { HubRequests } from '../requests/hub-requests.js';
import { refusalOf } from '../requests/refusal.js';
import { frameReader } from './frame-reader.js';
import type { Frame } from './frame.interface.js';
import { SilenceWatch } from './silence-watch.js';
import type { Opening } from './topic-stream.interface.js';

/** Headers and the first frame are sent immediately (contract §3). */
const FIRST_FRAME_MS = 15_000;

/** A request for a stream. */
export interface StreamRequest {
  readonly url: string;
  readonly topics: readonly string[];
  readonly cursor: string | undefined;
  readonly token: string | undefined;
  /** The connection is dead after this time without a byte, in ms. */
  readonly silenceMs: number;
}

/** The callbacks of a connection. None is called after an abort. */
export interface ConnectionHandlers {
  opened(opening: Opening): void;
  frame(frame: Frame): void;
  retry(ms: number): void;
}

/** One HTTP response with an event stream. */
export class StreamConnection {
  /** Whether its `connected` frame has arrived. */
  isOpen = false;
  /** Whether the response was an event stream. */
  answered = false;
  readonly #ending = new AbortController();
  readonly #watch: SilenceWatch;
  #comment = '';

  constructor(
    readonly request: StreamRequest,
    private readonly handlers: ConnectionHandlers,
  ) {
    this.#watch = new SilenceWatch(FIRST_FRAME_MS, () =>
      this.#ending.abort(new HubError('unreachable', 'no heartbeat')),
    );
  }

  /** Ends it without further callbacks. */
  abort(): void {
    this.#watch.stop();
    this.#ending.abort(new HubError('closed', 'aborted'));
  }

  /** Ends it if it was silent for too long; false if it has ended. */
  check(): boolean {
    return this.#watch.check();
  }

  /** Resolves with the reason of its end. Never rejects. */
  async run(requests: HubRequests): Promise<HubError> {
    const { signal } = this.#ending;
    const headers = { accept: 'text/event-stream' };
    try {
      const { url, token } = this.request;
      const response = await requests.send(url, { headers, signal }, token);
      if (!response.ok) return await refusalOf(response);
      const type = response.headers.get('content-type') ?? '';
      if (!response.body || !type.startsWith('text/event-stream')) {
        throw new HubError('unreachable', `the answer is ${type || 'empty'}, not an event stream`);
      }
      this.answered = true;
      await this.#read(response.body.getReader());
      return new HubError('unreachable', this.#comment || 'the stream ended');
    } catch (error) {
      return toHubError(signal.aborted ? signal.reason : error);
    } finally {
      this.abort();
    }
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    const feed = frameReader({
      frame: (frame) => this.#take(frame),
      comment: (text) => {
        if (!text.startsWith('heartbeat')) this.#comment = text;
      },
      retry: (ms) => {
        if (!this.#ending.signal.aborted) this.handlers.retry(ms);
      },
    });
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#ending.signal.aborted) return;
      this.#watch.heard();
      feed(decoder.decode(value, { stream: true }));
    }
  }

  #take(frame: Frame): void {
    if (this.#ending.signal.aborted) return;
    if (frame.event === 'connected' && !this.isOpen) this.#open(frame);
    // The ID of a transient answer only repeats the cursor.
    else if (this.isOpen) this.handlers.frame(frame);
  }

  #open({ data = '{}', id = '' }: Frame): void {
    this.isOpen = true;
    this.#watch.limit(this.request.silenceMs);
    const { recovery = 'live', reason } = JSON.parse(data) as Partial<Opening>;
    const { topics, cursor } = this.request;
    this.handlers.opened({ topics, cursor, id, recovery, reason });
  }
}
