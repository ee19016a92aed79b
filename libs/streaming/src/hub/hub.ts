import type { HubMetrics } from '@nuts/metrics';
import { NatsReadError } from '@nuts/nats';
import { Subject, Subscription, interval, map, merge, share, type Observable } from 'rxjs';
import type { Channel } from '../channel/channel.js';
import type { SubjectSet } from '../log/subject-set.js';
import type { Plan } from '../plan/plan.js';
import { SessionPlanner } from '../plan/session-planner.js';
import { StallWatch } from '../progress/stall-watch.js';
import { Replay, close as closeReplay, type OpenReplay } from '../replay/replay.js';
import { clientKey } from '../session/client-identity.js';
import type { StreamEnd } from '../session/outbound.js';
import { SessionEnds } from '../session/session-ends.js';
import { Session, type SessionShared } from '../session/session.js';
import { StreamRefusal } from '../sse/stream-refusal.js';
import { streamHolds } from '../topics/subject-pattern.js';
import { ConnectionLimits } from './connection-limits.js';
import type { HubOptions } from './hub-options.interface.js';
import type { HubStatus } from './hub-status.interface.js';
import type { SharedLog } from './shared-log.js';
import { StreamJournal } from './stream-journal.js';
import type { OpenedStream, StreamHub, StreamRequest } from './stream-request.interface.js';

/** The ticker of a hub: a quarter of the heartbeat, within these bounds, in ms. */
const SHORTEST_TICK_MS = 50;
const LONGEST_TICK_MS = 1000;

/** One public route over one log: admits clients, plans where they start, and keeps their sessions. */
export class Hub implements StreamHub {
  private readonly sessions = new Set<Session>();
  private readonly end$ = new Subject<StreamEnd>();
  private readonly limits: ConnectionLimits;
  private readonly planner: SessionPlanner;
  private readonly journal: StreamJournal;
  private readonly stalls: StallWatch | undefined;
  private readonly shared: SessionShared;
  private readonly subscriptions = new Subscription();
  private emptied: (() => void) | undefined;
  private wasReady = false;

  constructor(
    readonly options: HubOptions,
    private readonly source: SharedLog,
    private readonly metrics: HubMetrics,
  ) {
    this.limits = new ConnectionLimits(options);
    this.journal = new StreamJournal(options);
    this.planner = new SessionPlanner(source.log, {
      eventId: options.format.eventId,
      ...(options.replayWindowMs !== undefined && { replayWindowMs: options.replayWindowMs }),
    });
    if (options.writeTimeoutMs !== undefined) {
      this.stalls = new StallWatch(clamp(options.writeTimeoutMs / 4, 100, 5000));
    }
    const ends = new SessionEnds(options.transientRetryMs);
    source.observe(metrics);
    const encoder = source.channels.encoder(options.format);
    this.subscriptions.add(encoder.onDrop((reason) => metrics.dropped(reason)));
    this.shared = {
      options,
      log: source.log,
      slots: source.slots,
      metrics,
      ends,
      tick$: ticker(options),
      end$: merge(this.end$, source.log.reset$.pipe(map((reason) => ends.reset(reason)))),
    };
  }

  /** How the hub is doing, from memory. */
  get status(): HubStatus {
    const { log } = this.source;
    const trouble = log.currentTrouble;
    this.wasReady ||= trouble === undefined;
    return {
      nats: { status: log.client.status, server: log.client.server },
      ...(log.facts && { stream: log.facts }),
      ...(trouble && { trouble }),
      wasReady: this.wasReady,
      connections: this.limits.connections,
    };
  }

  async open(request: StreamRequest): Promise<OpenedStream> {
    const { topics } = request.subscription;
    let leave: (() => void) | undefined;
    try {
      leave = this.limits.admit(clientKey(request));
      this.metrics.connectionOpened();
      return await this.admit(request, leave);
    } catch (error) {
      if (leave !== undefined) this.left(leave);
      if (error instanceof StreamRefusal) this.refuse(error, topics);
      throw error;
    }
  }

  /** See `StreamHub.drain`. */
  async drain(windowMs: number): Promise<void> {
    const leaving = [...this.sessions].map(async (session) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * windowMs).unref());
      session.end(this.shared.ends.shutdown());
    });
    await Promise.all(leaving);
    // Whoever was still being planned when the drain began.
    this.end$.next(this.shared.ends.shutdown());
    if (this.sessions.size === 0) return;
    await new Promise<void>((resolve) => (this.emptied = resolve));
  }

  /** Cuts every connection that is left. */
  destroy(): void {
    for (const session of this.sessions) session.destroy();
  }

  /**
   * Ends the streams of one client, for a session that was logged out or a token that was revoked.
   *
   * @param subject the token's `sub`
   * @returns how many streams were ended
   */
  closeStreamsOf(subject: string): number {
    const theirs = [...this.sessions].filter((session) => session.subscriber?.subject === subject);
    for (const session of theirs) session.end(this.shared.ends.closed());
    return theirs.length;
  }

  close(): void {
    this.subscriptions.unsubscribe();
    this.destroy();
  }

  private async admit(request: StreamRequest, leave: () => void): Promise<OpenedStream> {
    const { subscription, signal, response } = request;
    if (!this.source.log.canServe) throw new StreamRefusal('jetstream_unavailable');
    const channel = this.source.channels.acquire(subscription.topics, this.options.format);
    let replay: OpenReplay | undefined;
    try {
      await this.refuseForeign(channel.set);
      if (subscription.cursor !== undefined) this.metrics.replayRequested();
      const plan = await this.planner.plan(channel.set, subscription.cursor);
      if (plan.recovery === 'fallback') this.metrics.replayFellBack();
      replay = await this.openReplay(channel, plan, signal);
      if (plan.created !== this.source.log.facts?.created) {
        throw new StreamRefusal('jetstream_unavailable');
      }
      this.journal.opened(subscription.topics, plan);
      const watched = this.stalls?.watch(request.response.req.socket);
      const session = new Session(this.shared, {
        request,
        plan,
        channel,
        replay,
        watched,
        release: (reason) => {
          this.sessions.delete(session);
          if (this.sessions.size === 0) this.emptied?.();
          watched?.release();
          this.source.channels.release(channel);
          this.left(leave);
          this.metrics.streamClosed(reason);
          this.journal.closed(subscription.topics, plan, reason);
        },
      });
      if (!response.closed && !response.destroyed) this.sessions.add(session);
      return session.events$;
    } catch (error) {
      if (replay !== undefined) closeReplay(replay);
      this.source.channels.release(channel);
      throw error;
    }
  }

  /** Makes the consumer of a session that needs one before anything is sent, if a slot is free. */
  private async openReplay(
    channel: Channel,
    plan: Plan,
    signal: AbortSignal,
  ): Promise<OpenReplay | undefined> {
    const { log, slots } = this.source;
    const target = {
      cursor: plan.after,
      notBeforeNanos: plan.notBeforeNanos,
      emit: () => undefined,
    };
    const sink = { room: 0, write: () => undefined, whenRoom: () => undefined };
    const replay = new Replay(
      { log, slots, channel, sink, onFailure: () => undefined },
      target,
      signal,
    );
    if (replay.isOver) return undefined;
    try {
      if (await replay.settle()) return undefined;
      return await replay.tryOpen();
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** A subject outside the stream's can never come; what is remembered of the stream may lag. */
  private async refuseForeign(set: SubjectSet): Promise<void> {
    const { log } = this.source;
    const isForeign = (): boolean => {
      const { facts } = log;
      if (facts === undefined || facts.hasSources) return false;
      return !set.all.every(({ name }) => streamHolds(facts.subjects, name));
    };
    if (!isForeign()) return;
    try {
      await log.freshFacts();
    } catch (error) {
      throw new StreamRefusal('jetstream_unavailable', { cause: error });
    }
    if (isForeign()) throw new StreamRefusal('foreign_subject');
  }

  private refuse(refusal: StreamRefusal, topics: readonly string[]): void {
    const { reason } = refusal;
    this.metrics.streamClosed(reason);
    if (
      reason === 'max_connections' ||
      reason === 'max_connections_per_client' ||
      reason === 'stream_consumer_limit'
    ) {
      this.metrics.rejected(reason);
    } else if (reason === 'subscription_failed') {
      this.metrics.subscriptionFailed();
    }
    this.journal.refused(topics, reason, refusal.cause);
  }

  private left(leave: () => void): void {
    leave();
    this.metrics.connectionClosed();
  }
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof NatsReadError)) return error;
  switch (error.kind) {
    case 'consumer_limit':
      return new StreamRefusal('consumer_limit', { cause: error });
    case 'disconnected':
    case 'timeout':
    case 'no_jetstream':
    case 'stream_not_found':
      return new StreamRefusal('jetstream_unavailable', { cause: error });
    case 'consumer_lost':
    case 'sequence_gap':
    case 'stalled':
    case 'refused':
      return new StreamRefusal('subscribe_failed', { cause: error });
    default:
      return error.kind satisfies never;
  }
}

function ticker(options: HubOptions): Observable<unknown> {
  return interval(clamp(options.heartbeatMs / 4, SHORTEST_TICK_MS, LONGEST_TICK_MS)).pipe(share());
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
