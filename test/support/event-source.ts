import { EventSource, type FetchLike } from 'eventsource';
import { disposeAtEnd } from './disposal.js';
import { until, type UntilOptions } from './until.js';

/** One event dispatched by an `EventSource`. */
export interface ReceivedEvent {
  readonly type: string;
  readonly data: string;
  /** The client's last event ID at that time. */
  readonly id: string;
}

/** The options of the client. */
export interface EventSourceClientOptions {
  /** Request headers; a polyfill can set them, a browser cannot. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names of events to collect besides `message`, `connected`, `gap` and `reset`. */
  readonly types?: readonly string[];
}

const TYPES = ['message', 'connected', 'gap', 'reset'];

/** A standards-compliant `EventSource` that collects its events. Ends with the test file. */
export class EventSourceClient {
  /** All events of the collected types, over all connections. */
  readonly events: ReceivedEvent[] = [];
  /** Number of opened connections. */
  opens = 0;
  /** Status codes of the errors; undefined for a connection that was lost or ended. */
  readonly errors: (number | undefined)[] = [];
  /** `Last-Event-ID` of every request; undefined if it had none. */
  readonly sentIds: (string | undefined)[] = [];
  readonly source: EventSource;

  constructor(url: string, options: EventSourceClientOptions = {}) {
    const send: FetchLike = (target, init) => {
      const headers = { ...init.headers, ...options.headers };
      this.sentIds.push(init.headers['Last-Event-ID']);
      return fetch(target, { ...init, headers });
    };
    this.source = new EventSource(url, { fetch: send });
    this.source.onopen = () => (this.opens += 1);
    this.source.onerror = ({ code }) => this.errors.push(code);
    for (const type of new Set([...TYPES, ...(options.types ?? [])])) {
      this.source.addEventListener(type, ({ data, lastEventId: id }) => {
        this.events.push({ type, data: String(data), id });
      });
    }
    disposeAtEnd(() => this.close());
  }

  /** Data of the events of one type, parsed. */
  data<T = unknown>(type = 'message'): T[] {
    return this.of(type).map(({ data }) => JSON.parse(data) as T);
  }

  /** The events of one type. */
  of(type = 'message'): ReceivedEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  /** IDs of the messages in order of arrival. */
  get ids(): string[] {
    return this.of('message').map(({ id }) => id);
  }

  /** It has stopped: an EventSource does so after a status other than 200. */
  get closed(): boolean {
    return this.source.readyState === this.source.CLOSED;
  }

  /** Waits for this many connected events, one per connection. */
  async connected(count = 1, options: UntilOptions = {}): Promise<void> {
    await this.waitFor(count, 'connected', options);
  }

  /** Waits for this many events of a type, and returns all that were received. */
  async waitFor(
    count: number,
    type = 'message',
    options: UntilOptions = {},
  ): Promise<ReceivedEvent[]> {
    const what = (): string =>
      `${count} ${type} events; came: ${this.of(type).length}, errors: ${JSON.stringify(this.errors)}`;
    await until(() => this.of(type).length >= count, { what, ...options });
    return this.of(type);
  }

  close(): void {
    this.source.close();
  }
}
