import type { DisconnectReason, PageResult } from '@nuts/metrics';
import type { NatsReadError } from '@nuts/nats';
import { Subject } from 'rxjs';
import type { Segment } from '../channel/segment.js';
import { close as closeReplay } from '../replay/replay.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';
import { clientKey } from '../session/client-identity.js';
import type { FeedObserver } from '../session/feed.interface.js';
import { type Feed, feed } from '../session/feed.js';
import type { StreamEnd } from '../session/outbound.js';
import type { WaitBudget } from '../plan/wait-budget.js';
import { positionId } from '../session/live-announcement.js';
import type { SessionShared } from '../session/session.interface.js';
import { tokenRules } from '../session/token-rules.js';
import { PageBody } from './page-body.js';
import { pageHead, pageTail } from './page-document.js';
import type { OpenedPage } from './opened-page.interface.js';
import type { PageGrant } from './page.interface.js';
import { pagePipeline } from './page-pipeline.js';
import { StallTimer } from './stall-timer.js';

/**
 * One page of history: what a stream would deliver up to now, from the same feed, limited to `limit`
 * messages. Nothing is sent until the first message or the page's end is known, so that earlier failures
 * get an HTTP status.
 */
export class Page implements FeedObserver, OpenedPage {
  private readonly body = new PageBody(() => this.stop());
  private readonly stallTimer = new StallTimer(() => this.items + (this.feed?.cursor ?? 0));
  private readonly ending = new Subject<StreamEnd>();
  private readonly over = new Subject<void>();
  /** The error if it was refused before it opened. */
  private failure: unknown;
  private opening: { resolve(): void; reject(error: unknown): void } | undefined;
  private feed: Feed | undefined;
  private through = Infinity;
  private items = 0;
  private lastItem: Segment | undefined;
  private result: PageResult = 'left';
  private isReading = false;
  private isStopped = false;
  private isReleased = false;

  constructor(
    private readonly shared: SessionShared,
    private readonly grant: PageGrant,
  ) {}

  /**
   * Resolves when the page's first bytes are known. Rejects with an `HttpException` and then holds no
   * resources.
   *
   * @param budget what is left of the request's wait
   */
  async open(budget: WaitBudget): Promise<OpenedPage> {
    if (this.isReleased) throw this.failure;
    const { response, signal } = this.grant.request;
    response.once('close', this.left);
    budget.start(() => this.fail(new StreamRefusal('jetstream_unavailable')));
    await new Promise<void>((resolve, reject) => {
      this.opening = { resolve, reject };
      if (signal.aborted || response.closed || response.destroyed) this.left();
      else void this.read(budget.waiting);
    }).finally(() => budget.stop());
    return this;
  }

  get readable(): PageBody['readable'] {
    return this.body.readable;
  }

  /** The client's token subject, if it has one. */
  get subject(): string | undefined {
    return this.grant.request.subscriber?.subject;
  }

  /** Ends the page early, with the messages that it has. */
  end(end: StreamEnd): void {
    if (this.isReading) this.ending.next(end);
    else this.cut(end.reason);
  }

  /** Destroys the connection of a client that does not read the rest. */
  destroy(): void {
    this.grant.request.response.destroy();
  }

  wentLive(): void {
    // The page already has its position from `event: live`.
  }

  lagging(): void {
    // A page is complete before its session could be live.
  }

  /** Unlike a stream, a page does not wait for the end of an outage. */
  replayFailed(failure: NatsReadError): void {
    const isAway = this.shared.log.client.status !== 'connected' || failure.kind === 'timeout';
    if (isAway) this.fail(this.grant.refusalOf(failure));
  }

  replayGaveUp(error: unknown): void {
    this.fail(this.grant.refusalOf(error));
  }

  private async read(waiting: WaitBudget['waiting']): Promise<void> {
    const { shared, grant, body } = this;
    const { log, slots, turns, options, ends } = shared;
    const { plan, channel, replay, request, watched } = grant;
    if (plan.recovery === 'live') return this.finish(plan.id, false);
    this.through = await grant.through();
    if (this.isStopped) return;
    this.isReading = true;
    const segments$ = feed(
      {
        log,
        slots,
        turns,
        channel,
        sink: body,
        client: () => clientKey(request),
        waiting,
        observer: this,
      },
      { plan, replay, onLive: (sequence) => this.complete(sequence) },
      (running) => (this.feed = running),
    );
    pagePipeline(segments$, {
      tick$: shared.tick$,
      writeTimeoutMs: options.writeTimeoutMs,
      stalledMs: () => watched?.stalledMs ?? 0,
      isStalled: () => body.isIdle && this.stallTimer.isStalled,
      token: tokenRules(request.subscriber, ends, Date.now()),
      end$: this.ending,
      over$: this.over,
    }).subscribe((item) => {
      if (item.kind === 'segment') this.take(item);
      else if (item.kind === 'end') this.cut(item.reason);
    });
  }

  private take(segment: Segment): void {
    const { through } = this;
    let due = 0;
    while (due < segment.frames && segment.sequenceAt(due) <= through) due++;
    const room = this.grant.limit - this.items;
    this.send(segment.take(Math.min(due, room)));
    if (due > room) this.finish(this.lastId, true);
    else if (due < segment.frames) this.complete(through);
    else if (segment.through >= through) this.complete(segment.through);
  }

  private send(part: Segment): void {
    if (part.frames === 0) return;
    this.begin();
    // Each item is preceded by a comma.
    this.body.write(this.items === 0 ? part.bytes.subarray(1) : part.bytes);
    this.items += part.frames;
    this.lastItem = part.skip(part.frames - 1);
    const { metrics } = this.shared;
    metrics.delivered(part.messages);
    metrics.sent('identity', part.bytes.length, part.bytes.length);
  }

  /** Everything up to here is in the page. */
  private complete(sequence: number): void {
    const { plan } = this.grant;
    const { log, options } = this.shared;
    const isUnmoved = plan.recovery === 'resumed' && sequence <= plan.after;
    this.finish(isUnmoved ? plan.id : positionId(sequence, log, options), false);
  }

  private cut(reason: DisconnectReason): void {
    if (reason === 'slow_client') {
      this.shared.metrics.slowClientDisconnected();
      return this.destroy();
    }
    const isReset = reason === 'stream_recreated' || reason === 'stream_rewound';
    // As after a stream's reset, the new stream is read from its start.
    if (isReset && this.items > 0) return this.finish('0', true, 'cut');
    this.fail(new StreamRefusal('jetstream_unavailable', { reason }));
  }

  /** If the page has started, the next page has the rest. */
  private fail(error: unknown): void {
    if (this.items > 0) return this.finish(this.lastId, true, 'cut');
    this.result = 'refused';
    this.failure = error;
    this.opening?.reject(error);
    this.release();
  }

  private finish(position: string, hasMore: boolean, result: PageResult = 'answered'): void {
    if (this.isStopped) return;
    this.begin();
    this.result = result;
    this.body.write(pageTail(position, hasMore));
    this.body.end();
    this.stop();
  }

  private begin(): void {
    if (this.opening === undefined) return;
    const { plan, request } = this.grant;
    this.body.write(pageHead(request.subscription.topics, plan));
    this.opening.resolve();
    this.opening = undefined;
  }

  /** The ID of the last item: everything not in the page comes after it. */
  private get lastId(): string {
    const item = this.lastItem?.bytes.toString('latin1', 0, 64) ?? '';
    return /"id":"([\d-]+)"/.exec(item)?.[1] ?? '0';
  }

  /** Stops reading. */
  private stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.over.next();
    // A page that never read still holds the consumer that was created for it.
    if (this.feed === undefined && this.grant.replay !== undefined) closeReplay(this.grant.replay);
    this.grant.stopped();
  }

  private readonly left = (): void => {
    this.opening?.reject(
      new StreamRefusal('jetstream_unavailable', { reason: 'client_context_done' }),
    );
    this.release();
  };

  private release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.stop();
    this.grant.request.response.off('close', this.left);
    this.body.readable.destroy();
    this.grant.release({ result: this.result, messages: this.items });
  }
}
