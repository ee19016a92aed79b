import { BadRequestException } from '@nestjs/common';
import { NatsReadError } from '@nuts/nats';
import { Subscription } from 'rxjs';
import type { Segment } from '../channel/segment.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';
import { clientKey } from '../session/client-identity.js';
import { type Feed, feed } from '../session/feed.js';
import type { FeedObserver } from '../session/feed.interface.js';
import { positionId } from '../session/live-announcement.js';
import { ResponseWriter } from '../session/response-writer.js';
import type { SessionGrant, SessionShared } from '../session/session.interface.js';
import { pageHead, pageTail } from './page-document.js';
import { isStateOf } from './page-limit.js';
import { PageSink } from './page-sink.js';

/** Bytes on their way to the client. */
const MAX_BYTES_ON_THE_WAY = 256 * 1024;
/** What is held of a page that may still turn out to have too many subjects. */
const HELD_BYTES = 16 * 1024 * 1024;
/** How long the stream may give nothing before the page ends without it, in ms. */
const READ_PATIENCE_MS = 10_000;
/** An item's id, which is its first field. */
const ITEM_ID = /^,\{"id":"([^"]*)"/;

/** What a page was given; its maker gives it back. */
export type PageGrant = Omit<SessionGrant, 'release'> & { readonly limit: number };

/**
 * A page of history (contract §9): the feed of a session, whose items go into one JSON document until they
 * are as many as asked for, or the history is delivered.
 */
export class Page implements FeedObserver {
  private readonly writer: ResponseWriter;
  private readonly sink: PageSink;
  private readonly isState: boolean;
  private readonly work = new Subscription();
  private watch: Subscription | undefined;
  private feed: Feed | undefined;
  /** The id of the last item that was sent. */
  private position: string;
  private hasBegun = false;
  private isOver = false;
  private progressAt = performance.now();
  private sent: () => void = () => undefined;
  private failed: (error: unknown) => void = () => undefined;

  constructor(
    private readonly shared: SessionShared,
    private readonly grant: PageGrant,
  ) {
    const { request, limit, plan } = grant;
    const { clientBufferSize } = shared.options;
    const bounds = { maxFrames: clientBufferSize, maxBytes: MAX_BYTES_ON_THE_WAY };
    this.position = plan.id;
    this.isState = isStateOf(request.subscription);
    this.writer = new ResponseWriter(request.response, bounds);
    this.sink = new PageSink(this.writer, limit, this.isState ? HELD_BYTES : 0, {
      begin: () => this.begin(),
      // Nothing may end the feed within its own loop.
      overflowed: () => queueMicrotask(() => this.overflowed()),
    });
  }

  /**
   * Resolves when the page has left, or its client has. Rejects when nothing was sent: the stream cannot be
   * read, or it has more subjects than the page may hold.
   */
  async send(): Promise<void> {
    const { shared } = this;
    const { response } = this.grant.request;
    try {
      await new Promise<void>((sent, failed) => {
        this.sent = sent;
        this.failed = failed;
        response.once('close', sent);
        if (response.destroyed || response.closed) return sent();
        this.watch = shared.tick$.subscribe(() => this.look());
        this.work.add(shared.log.reset$.subscribe(() => this.fail(unavailable())));
        this.work.add(this.items());
      });
    } finally {
      this.isOver = true;
      response.off('close', this.sent);
      this.watch?.unsubscribe();
      this.stop();
    }
  }

  /** Whether the feed took the replay that it was given, and closes it. */
  get hasReplay(): boolean {
    return this.feed !== undefined;
  }

  wentLive(): void {
    // The feed has told the position.
  }

  lagging(): void {
    // A page is over before it can lag.
  }

  replayFailed({ kind }: NatsReadError): void {
    if (kind !== 'consumer_lost' && kind !== 'sequence_gap') return;
    this.shared.metrics.consumerInvalidated('recreated');
  }

  replayGaveUp(error: unknown): void {
    if (!(error instanceof NatsReadError)) this.shared.logger.error(error);
    this.fail(error);
  }

  private items(): Subscription {
    const { shared, grant, sink } = this;
    const { log, slots, options } = shared;
    const { plan, channel, request, replay } = grant;
    const client = (): string => clientKey(request);
    const liveFrame = (sequence: number): Buffer => {
      this.finish(positionId(sequence, log, options), false);
      return Buffer.alloc(0);
    };
    return feed(
      { log, channel, slots, sink, client, observer: this },
      { ...plan, replay, liveFrame },
      (running) => (this.feed = running),
    ).subscribe((segment) => this.take(segment));
  }

  private take(segment: Segment): void {
    if (this.isOver) return;
    this.progressAt = performance.now();
    const last = segment.frameAt(segment.frames - 1).toString('latin1', 0, 64);
    this.position = ITEM_ID.exec(last)?.[1] ?? this.position;
    this.sink.writeSegment(segment);
    this.shared.metrics.delivered(segment.messages);
  }

  private begin(): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    const { plan, request } = this.grant;
    const { response, subscription } = request;
    response.statusCode = 200;
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Cache-Control', 'no-store');
    this.writer.write(pageHead(subscription.topics, plan), 1);
  }

  private overflowed(): void {
    if (!this.isState) return this.finish(this.position, true);
    // What was sent is no state, and nothing behind it could say so.
    if (this.hasBegun) this.grant.request.response.destroy();
    else this.fail(new BadRequestException('Too many subjects'));
  }

  /** Ends the page with what it has; what is missing is for the next one. */
  private fail(error: unknown): void {
    if (this.isOver) return;
    if (this.hasBegun) return this.isState ? this.overflowed() : this.finish(this.position, true);
    this.isOver = true;
    this.failed(error);
  }

  private finish(position: string, more: boolean): void {
    if (this.isOver) return;
    this.isOver = true;
    this.sink.close();
    this.sink.release();
    this.begin();
    this.writer.write(pageTail(position, more), 1);
    this.grant.request.response.end();
    this.stop();
  }

  private stop(): void {
    this.sink.close();
    this.work.unsubscribe();
    this.writer.release();
  }

  /** Ends what does not move: a client that does not read, a stream that does not answer. */
  private look(): void {
    const { writeTimeoutMs = Infinity } = this.shared.options;
    const stalledMs = this.grant.watched?.stalledMs ?? 0;
    if (stalledMs >= writeTimeoutMs) this.grant.request.response.destroy();
    if (!this.writer.isIdle) this.progressAt = performance.now();
    else if (performance.now() - this.progressAt > READ_PATIENCE_MS) this.fail(unavailable());
  }
}

function unavailable(): StreamRefusal {
  return new StreamRefusal('jetstream_unavailable');
}
