import { EventSource, type FetchLike } from 'eventsource';
import { disposeAtEnd } from './disposal.js';
import { until, type UntilOptions } from './until.js';

/** One event as an `EventSource` dispatched it. */
export interface ReceivedEvent {
  readonly type: string;
  readonly data: string;
  /** The client's last event id at that moment. */
  readonly id: string;
}

/** How the client is set up. */
export interface EventSourceClientOptions {
  /** Sent with each request, as a polyfill can and a browser cannot. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names of events to collect besides `message`, `connected`, `gap` and `reset`. */
  readonly types?: readonly string[];
}

const TYPES = ['message', 'connected', 'gap', 'reset'];

/** A standards-compliant `EventSource` that collects what it gets. Ends with the test file. */
export class EventSourceClient {
  /** All events of the collected types, over all connections. */
  readonly events: ReceivedEvent[] = [];
  /** How often a connection was opened. */
  opens = 0;
  /** Status codes of the errors; undefined for a connection that broke or ended. */
  readonly errors: (number | undefined)[] = [];
  /** `Last-Event-ID` of every request that was sent, undefined where it had none. */
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

  /** Ids of the messages, as they came. */
  get ids(): string[] {
    return this.of('message').map(({ id }) => id);
  }

  /** It has given up: an EventSource does so after a status other than 200. */
  get closed(): boolean {
    return this.source.readyState === this.source.CLOSED;
  }

  /** Waits for so many connected events, one for each connection. */
  async connected(count = 1, options: UntilOptions = {}): Promise<void> {
    await this.waitFor(count, 'connected', options);
  }

  /** Waits for so many events of a type, and returns all of them that came. */
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
