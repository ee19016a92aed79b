import type { BrowserContext, Page } from 'playwright-core';
import type { ReceivedEvent } from '../support/event-source.js';
import { until } from '../support/until.js';

/** The events that the page has collected. */
interface Seen {
  readonly events: readonly ReceivedEvent[];
  readonly opens: number;
  /** `readyState` at each error: 0 it will reconnect, 2 it has stopped. */
  readonly states: readonly number[];
}

/** The part of a fetched response that a page can read. */
export interface FetchedAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** The body up to the end of its first block. */
  readonly text: string;
}

/** The options of the page's `EventSource`. */
export interface TabOptions {
  /** `withCredentials`: cookies are sent, and the answer must allow it. */
  readonly credentials?: boolean;
}

/** A browser tab with the plain page, whose `EventSource` does all the work. */
export class Tab {
  /**
   * `Last-Event-ID` of every request for an event stream, undefined where it had none, as it went over
   * the wire: the browser adds the header after the point where playwright looks. May come a moment
   * after what the page sees.
   */
  readonly sentIds: (string | undefined)[] = [];

  private constructor(readonly page: Page) {}

  /** Opens the page, which listens to `streamUrl` at once; without one it only waits. */
  static async open(
    context: BrowserContext,
    origin: string,
    streamUrl?: string,
    { credentials = false }: TabOptions = {},
  ): Promise<Tab> {
    const tab = new Tab(await context.newPage());
    const network = await context.newCDPSession(tab.page);
    await network.send('Network.enable');
    network.on('Network.requestWillBeSentExtraInfo', ({ headers }) => {
      const named = new Map(Object.entries(headers).map(([name, v]) => [name.toLowerCase(), v]));
      if (named.get('accept') === 'text/event-stream') tab.sentIds.push(named.get('last-event-id'));
    });
    const address = new URL(origin);
    if (streamUrl !== undefined) address.searchParams.set('url', streamUrl);
    if (credentials) address.searchParams.set('credentials', '');
    await tab.page.goto(address.href, { waitUntil: 'domcontentloaded' });
    return tab;
  }

  seen(): Promise<Seen> {
    return this.page.evaluate<Seen>('seen');
  }

  async of(type: string): Promise<ReceivedEvent[]> {
    return (await this.seen()).events.filter((event) => event.type === type);
  }

  /** The payloads of all messages in order of arrival. */
  async payloads(): Promise<unknown[]> {
    const messages = await this.of('message');
    return messages.map(({ data }) => (JSON.parse(data) as { payload: unknown }).payload);
  }

  /** Waits for this many events of a type, and returns all that were received. */
  async waitFor(count: number, type = 'message'): Promise<ReceivedEvent[]> {
    let came: Seen | undefined;
    return until(
      async () => {
        came = await this.seen();
        const events = came.events.filter((event) => event.type === type);
        return events.length >= count && events;
      },
      {
        what: () => `${count} ${type} events; the page has ${JSON.stringify(came)}`,
        timeoutMs: 20_000,
        everyMs: 50,
      },
    );
  }

  /** Waits for this many requests for the stream, and returns the `Last-Event-ID` of the newest. */
  async sentId(count: number): Promise<string | undefined> {
    await until(() => this.sentIds.length >= count, { what: `${count} requests`, everyMs: 50 });
    return this.sentIds.at(-1);
  }

  /** Waits until the `EventSource` has stopped permanently. */
  async closed(): Promise<void> {
    await until(() => this.page.evaluate<boolean>('source.readyState === source.CLOSED'), {
      what: 'the EventSource to give up',
      timeoutMs: 20_000,
      everyMs: 50,
    });
  }

  /** Fetches in the page's script; rejects if the browser refuses. */
  fetchFirst(url: string, init: Readonly<Record<string, unknown>> = {}): Promise<FetchedAnswer> {
    return this.page.evaluate(`fetchFirst(${JSON.stringify(url)}, ${JSON.stringify(init)})`);
  }
}
