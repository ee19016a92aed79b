import { request, type ClientRequest } from 'node:http';
import { disposeAtEnd } from '../support/disposal.js';
import { EventStreamParser } from './event-stream-parser.js';
import type { Random } from './random.js';
import { Visit } from './visit.js';

const STARTS = ['all', 'last', 'last', 'last:1', 'last:20', 'last:3000', 'PT1S', 'PT8S'] as const;
/** Maximum time that a page stays open once it is live, in ms. */
const LONGEST_LOOK_MS = 1000;
const LONGEST_RETRY_MS = 200;

export interface VisitorOptions {
  readonly url: () => string;
  readonly topics: readonly string[];
  readonly random: Random;
  /** The newest sequence that is known to be stored. */
  readonly acknowledged: () => number;
  /** The kinds of `start` that it may request; all by default. */
  readonly starts?: readonly string[];
  /** Requests all of its topics each time. */
  readonly wantsAll?: boolean;
  /** Bytes per second that it reads. */
  readonly bytesPerSecond?: number;
}

/** Loads one page after the other, each with a `start` of its own; between, its connection may be cut. */
export class Visitor {
  readonly visits: Visit[] = [];
  connections = 0;
  private outgoing: ClientRequest | undefined;
  private isClosed = false;
  private leaving: NodeJS.Timeout | undefined;
  private waiting: NodeJS.Timeout | undefined;
  private isLast = false;

  constructor(private readonly options: VisitorOptions) {
    disposeAtEnd(() => this.close());
    this.load();
  }

  get current(): Visit {
    return this.visits.at(-1) as Visit;
  }

  /** The position of its page; undefined before the history is complete. */
  get position(): number | undefined {
    return this.current.isLive ? this.current.position : undefined;
  }

  /** Keeps the current page. */
  settle(): void {
    this.isLast = true;
    clearTimeout(this.leaving);
  }

  /** Cuts its connection; it reconnects as an `EventSource` does. */
  drop(): void {
    this.outgoing?.destroy();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.leaving);
    clearTimeout(this.waiting);
    this.outgoing?.destroy();
  }

  private load(): void {
    const { random, topics, acknowledged, wantsAll, starts = STARTS } = this.options;
    this.leaving = undefined;
    const asked = topics.filter(() => wantsAll === true || random.next() < 0.6);
    const wanted = asked.length > 0 ? asked : topics.slice(0, 1);
    this.visits.push(new Visit(random.pick(starts), wanted, acknowledged(), Date.now()));
    this.connect(this.current);
  }

  private connect(visit: Visit): void {
    const { cursor, topics, start } = visit;
    this.connections += 1;
    const query = topics.map((topic) => `topic=${topic}`).join('&');
    const outgoing = request(`${this.options.url()}?${query}&start=${start}`, {
      agent: false,
      headers: {
        accept: 'text/event-stream',
        ...(cursor !== '' && { 'last-event-id': cursor }),
      },
    });
    this.outgoing = outgoing;
    outgoing.on('error', () => undefined);
    outgoing.once('response', (response) => {
      if (response.statusCode !== 200) visit.violations.push(`status ${response.statusCode}`);
      const parser = new EventStreamParser((block) => {
        visit.take(block);
        if (visit.isLive) this.lookAWhile();
      });
      response.setEncoding('utf8').on('error', () => undefined);
      response.on('data', (text: string) => {
        if (this.outgoing === outgoing) parser.accept(text);
        const { bytesPerSecond } = this.options;
        if (bytesPerSecond === undefined || this.isLast) return;
        response.pause();
        setTimeout(() => response.resume(), (1000 * text.length) / bytesPerSecond);
      });
    });
    outgoing.once('close', () => {
      if (this.outgoing !== outgoing || this.isClosed) return;
      const waitMs = this.options.random.between(1, LONGEST_RETRY_MS);
      this.waiting = setTimeout(() => this.connect(visit), waitMs);
    });
    outgoing.end();
  }

  private lookAWhile(): void {
    if (this.isLast || this.leaving !== undefined) return;
    this.leaving = setTimeout(
      () => {
        const { outgoing } = this;
        this.outgoing = undefined;
        clearTimeout(this.waiting);
        outgoing?.destroy();
        this.load();
      },
      this.options.random.between(1, LONGEST_LOOK_MS),
    );
  }
}
