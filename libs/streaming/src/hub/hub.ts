import { Logger } from '@nestjs/common';
import type { HubMetrics } from '@nuts/metrics';
import { Subscription } from 'rxjs';
import type { EntryEncoder } from '../channel/entry-encoder.js';
import type { OpenedPage } from '../page/opened-page.interface.js';
import { SessionPlanner } from '../plan/session-planner.js';
import type { PresentStream } from '../presence/count-presence.js';
import { PresenceCounter } from '../presence/presence-counter.js';
import { StallWatch } from '../progress/stall-watch.js';
import { clientKey } from '../session/client-identity.js';
import type { StreamEnd } from '../session/outbound.js';
import { SessionEnds } from '../session/session-ends.js';
import type { SessionShared } from '../session/session.interface.js';
import { Session } from '../session/session.js';
import { Admission, type Admitted } from './admission.js';
import { claimConnection } from './claim-connection.js';
import { ConnectionLimits } from './connection-limits.js';
import { countRefusal } from './count-refusal.js';
import { EditedSubjects } from './edited-subjects.js';
import { HubPages } from './hub-pages.js';
import type { HubOptions } from './hub-options.interface.js';
import type { HubPorts } from './hub-ports.interface.js';
import type { HubStatus } from './hub-status.interface.js';
import { turnClock } from '../turns/turn-clock.js';
import { clamp, tickerOf } from './hub-ticker.js';
import type { StreamSource } from './stream-source.js';
import { refuseIfExpired } from './refuse-if-expired.js';
import { SessionLogger } from './session-logger.js';
import type { OpenedStream, StreamHub, StreamRequest } from './stream-request.interface.js';

/** One public route over one log: admits clients, plans where they start, and holds their sessions. */
export class Hub implements StreamHub {
  /** Counts the streams that have not ended. */
  readonly presence = new PresenceCounter(() => this.present());
  private readonly sessions = new Set<Session>();
  /** Requests being planned. `closeStreamsOf` removes those that must end as soon as they open. */
  private readonly arriving = new Set<StreamRequest>();
  private isDraining = false;
  private readonly limits: ConnectionLimits;
  private readonly planner: SessionPlanner;
  private readonly admission: Admission;
  private readonly pages: HubPages;
  private readonly sessionLogger: SessionLogger;
  private readonly encoder: EntryEncoder;
  private readonly stalls: StallWatch | undefined;
  private readonly shared: SessionShared;
  private readonly subscriptions = new Subscription();
  private readonly emptied: (() => void)[] = [];
  private readonly edited: EditedSubjects;
  private wasReady = false;

  constructor(
    readonly options: HubOptions,
    private readonly source: StreamSource,
    private readonly metrics: HubMetrics,
    ports: HubPorts = {},
  ) {
    this.limits = new ConnectionLimits(options, ports.elsewhere);
    this.sessionLogger = new SessionLogger(options, ports.announce);
    this.planner = new SessionPlanner(source.log, {
      eventId: options.format.eventId,
      ...(options.replayWindowMs !== undefined && { replayWindowMs: options.replayWindowMs }),
    });
    if (options.writeTimeoutMs !== undefined) {
      this.stalls = new StallWatch(clamp(options.writeTimeoutMs / 4, 100, 5000));
    }
    const ends = new SessionEnds(options.transientRetryMs);
    source.observe(metrics);
    this.encoder = source.channels.encoder(options.format, 'frame', ports.mapping);
    this.subscriptions.add(
      this.encoder.onDrop((dropped) => {
        // Hubs with the same format share an encoder, but their replay windows can differ.
        if (dropped.reason === 'replay_window' && options.replayWindowMs === undefined) return;
        metrics.dropped(dropped.reason);
        this.sessionLogger.dropped(dropped);
      }),
    );
    this.shared = {
      options,
      log: source.log,
      slots: source.slots,
      turns: source.turns,
      metrics,
      ends,
      tick$: tickerOf(options),
      now: turnClock(),
      logger: new Logger(Hub.name),
    };
    this.edited = new EditedSubjects(options.topicPrefix, ({ name, subjects }) => {
      this.shared.logger.error(
        `stream_name: ${name} no longer stores subjects below the prefix ${options.topicPrefix} of ${options.path}: its subjects are now ${subjects.join(', ')}. Correct them, or topic_prefix.`,
      );
    });
    this.admission = new Admission(source, this.planner, options.topicPrefix, this.edited, metrics);
    this.pages = new HubPages({
      shared: this.shared,
      source,
      mapping: ports.mapping,
      admission: this.admission,
      sessionLogger: this.sessionLogger,
      stalls: this.stalls,
      planner: this.planner,
      gone: () => this.gone(),
    });
    this.subscriptions.add(
      source.log.reset$.subscribe((reason) => this.endAll(() => ends.reset(reason))),
    );
  }

  /** The state of the hub, from memory. */
  get status(): HubStatus {
    const { log } = this.source;
    const { status, server, failure } = log.client;
    const trouble =
      log.currentTrouble ?? (this.edited.excludeHub(log.facts) ? 'stream_info_error' : undefined);
    this.wasReady ||= trouble === undefined;
    return {
      nats: { status, server, ...(failure && { failure }) },
      ...(log.facts && { stream: log.facts }),
      ...(trouble && { trouble }),
      wasReady: this.wasReady,
      connections: this.limits.connections,
    };
  }

  async open(request: StreamRequest): Promise<OpenedStream> {
    let left: (() => void) | undefined;
    try {
      const leave = (left = this.arrived(request));
      this.arriving.add(request);
      return await this.admission.admit(request, this.encoder, (admitted) =>
        this.take(request, admitted, leave),
      );
    } catch (error) {
      left?.();
      throw countRefusal(error, request, this.metrics, this.sessionLogger);
    } finally {
      this.arriving.delete(request);
    }
  }

  async page(request: StreamRequest, limit: number): Promise<OpenedPage> {
    let left: (() => void) | undefined;
    try {
      return await this.pages.open(request, limit, () => (left = this.arrived(request)));
    } catch (error) {
      left?.();
      throw countRefusal(error, request, this.metrics, this.sessionLogger);
    }
  }

  /** Whether the stream stores messages published to this topic; see {@link SessionPlanner.stores}. */
  stores(topic: string): Promise<boolean> {
    return this.planner.stores(this.options.topicPrefix + topic);
  }

  /** Whether messages are stored under the subject that they were published to, as far as is known. */
  get keepsSubjects(): boolean {
    return this.source.log.facts?.hasSources === false;
  }

  /** See `StreamHub.drain`. */
  async drain(windowMs: number): Promise<void> {
    this.isDraining = true;
    const leaving = [...this.sessions].map(async (session) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * windowMs).unref());
      session.end(this.shared.ends.shutdown());
    });
    this.pages.drain(() => this.shared.ends.shutdown());
    await Promise.all(leaving);
    if (this.sessions.size + this.pages.size === 0) return;
    await new Promise<void>((resolve) => this.emptied.push(resolve));
  }

  /** Destroys all remaining connections. */
  destroy(): void {
    for (const session of this.sessions) session.destroy();
    this.pages.destroy();
  }

  /**
   * Ends all streams of one client, after a logout or for a revoked token.
   *
   * @param subject the token's `sub`
   * @returns the number of streams ended
   */
  closeStreamsOf(subject: string): number {
    const isTheirs = ({ subscriber }: Pick<StreamRequest, 'subscriber'>): boolean =>
      subscriber?.subject === subject;
    const theirs = [...this.sessions].filter(isTheirs);
    const coming = [...this.arriving].filter(isTheirs);
    for (const session of theirs) session.end(this.shared.ends.closed());
    for (const request of coming) this.arriving.delete(request);
    this.pages.end(() => this.shared.ends.closed(), subject);
    return theirs.length + coming.length;
  }

  /** Called by the registry at shutdown. No stream opens afterwards. */
  close(): void {
    this.subscriptions.unsubscribe();
    this.destroy();
  }

  private take(request: StreamRequest, admitted: Admitted, leave: () => void): OpenedStream {
    const { channel, plan, replay } = admitted;
    refuseIfExpired(request, this.isDraining);
    if (plan.recovery === 'fallback') this.metrics.replayFellBack();
    if (plan.start !== undefined) this.metrics.started(plan.start);
    const entry = this.sessionLogger.opened(request, plan);
    const watched = this.stalls?.watch(request.response.req.socket);
    const session = new Session(this.shared, {
      request,
      plan,
      channel,
      replay,
      watched,
      release: (reason) => {
        this.sessions.delete(session);
        watched?.release();
        this.source.channels.release(channel);
        leave();
        this.metrics.streamClosed(reason);
        entry.closed(reason);
        this.gone();
      },
    });
    this.sessions.add(session);
    if (!this.arriving.has(request)) session.end(this.shared.ends.closed());
    return session.open();
  }

  private *present(): Iterable<PresentStream> {
    for (const session of this.sessions) if (!session.isOver) yield session;
  }

  private endAll(end: () => StreamEnd): void {
    for (const session of this.sessions) session.end(end());
    this.pages.end(end);
  }

  /** Lets a drain finish when the last connection is gone. */
  private gone(): void {
    if (this.sessions.size + this.pages.size > 0) return;
    for (const resolve of this.emptied.splice(0)) resolve();
  }

  private arrived(request: StreamRequest): () => void {
    return claimConnection(this.limits, () => clientKey(request), this.metrics);
  }
}
