import { NatsReadError } from '@nuts/nats';
import { Observable, type Subscriber } from 'rxjs';
import { heartbeatFrame } from '../frames/control-frames.js';
import { formatEventId } from '../frames/event-id.js';
import { clientKey } from './client-identity.js';
import { type Feed, feed } from './feed.js';
import type { FeedObserver } from './feed.interface.js';
import { liveAnnouncement } from './live-announcement.js';
import type { Heartbeat, Outbound, StreamEnd } from './outbound.js';
import type { FrameSink } from './response-writer.js';
import { sessionPipeline } from './session-pipeline.js';
import type { SessionGrant, SessionShared } from './session.interface.js';
import { tokenRules } from './token-rules.js';

/** The output of a session after its first frame: its feed through the pipeline, until an end. */
export class SessionSource implements FeedObserver {
  /** Receives ends from outside once the pipeline runs. */
  private ending: Subscriber<StreamEnd> | undefined;
  private endedEarly: StreamEnd | undefined;
  private feed: Feed | undefined;

  constructor(
    private readonly shared: SessionShared,
    private readonly grant: SessionGrant,
    private readonly sink: FrameSink,
  ) {}

  /** Whether the feed has taken over its granted resources. */
  get hasBegun(): boolean {
    return this.feed !== undefined;
  }

  /** Whether the session was ended before the pipeline ran. */
  get isOverEarly(): boolean {
    return this.endedEarly !== undefined;
  }

  /** Ends the stream after its last whole frame, or immediately after the connected event. */
  end(end: StreamEnd): void {
    if (this.ending === undefined) this.endedEarly ??= end;
    else this.ending.next(end);
  }

  /** Subscribed once, when the first frame is in transit. */
  run(): Observable<Outbound> {
    const { shared, grant } = this;
    const { options, log, ends } = shared;
    const segments$ = feed(
      {
        log,
        channel: grant.channel,
        slots: shared.slots,
        turns: shared.turns,
        sink: this.sink,
        client: () => clientKey(grant.request),
        observer: this,
      },
      {
        plan: grant.plan,
        replay: grant.replay,
        liveFrame: liveAnnouncement(grant.request.subscription.start, log, options),
      },
      (running) => (this.feed = running),
    );
    const age = options.maxConnectionAgeMs;
    return sessionPipeline(segments$, {
      tick$: shared.tick$,
      replayMaxMessages: options.replayMaxMessages,
      historyThrough: grant.plan.historyThrough,
      replayCapReached: ends.replayCapReached,
      now: shared.now,
      heartbeatMs: options.heartbeatMs,
      heartbeatFrame: () => this.heartbeat(),
      writeTimeoutMs: options.writeTimeoutMs,
      stalledMs: () => grant.watched?.stalledMs ?? 0,
      token: tokenRules(grant.request.subscriber, ends, Date.now()),
      ageEndsAtMs: age && shared.now() + age * (0.9 + 0.2 * Math.random()),
      ageReached: () => ends.ageReached(),
      end$: new Observable((ending) => {
        this.ending = ending;
        if (this.endedEarly !== undefined) ending.next(this.endedEarly);
      }),
    });
  }

  wentLive(): void {
    this.shared.metrics.sharedTransition('joined');
  }

  lagging(): void {
    this.shared.metrics.sharedTransition('fell_behind');
  }

  replayFailed(failure: NatsReadError): void {
    const isLost = failure.kind === 'consumer_lost' || failure.kind === 'sequence_gap';
    if (isLost) this.shared.metrics.consumerInvalidated('recreated');
  }

  replayGaveUp(error: unknown): void {
    if (!(error instanceof NatsReadError)) this.shared.logger.error(error);
    this.end(this.shared.ends.replayFailed(error));
  }

  /** Undefined while the client is still receiving data. */
  private heartbeat(): Heartbeat | undefined {
    if (!this.sink.isIdle) return undefined;
    const caughtUpTo = this.feed?.caughtUpTo;
    const { position } = this.shared.log;
    const id =
      caughtUpTo === position.sequence
        ? formatEventId(this.shared.options.format.eventId, position)
        : undefined;
    return { kind: 'heartbeat', bytes: heartbeatFrame(id) };
  }
}
