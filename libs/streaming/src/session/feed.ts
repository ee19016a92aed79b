import type { LiveMember } from '../channel/channel.js';
import { Segment } from '../channel/segment.js';
import type { NatsReadError } from '@nuts/nats';
import { InitialScope } from '../replay/initial-scope.js';
import { Replay, type OpenReplay } from '../replay/replay.js';
import type { ReplayTarget } from '../replay/replay-target.interface.js';
import { InitialPhase } from './initial-phase.js';
import type { FeedSource, FeedStart } from './feed.interface.js';
import { skipOlder } from './skip-older.js';
import { Observable, type Subscriber } from 'rxjs';

/**
 * The states of a session: `replaying` from JetStream, `catching_up` from the window, `live` with its
 * channel; it goes back when the socket is full.
 */
export type FeedState = 'catching_up' | 'replaying' | 'live';

/** Emits the segments of one session in order, as fast as its sink accepts them. Never completes. */
export function feed(
  source: FeedSource,
  start: FeedStart,
  attach: (feed: Feed) => void,
): Observable<Segment> {
  return new Observable<Segment>((subscriber) => {
    const running = new Feed(source, start, subscriber);
    attach(running);
    running.begin(start.replay);
    return () => running.close();
  });
}

/**
 * The state machine of a session. There is one cursor, and only `advance` decides what follows it. The
 * states cannot diverge, because none holds data of its own: live sessions are at their channel's position,
 * and all others read from memory what follows the cursor.
 */
export class Feed implements LiveMember, ReplayTarget {
  cursor: number;
  notBeforeNanos: bigint | undefined;
  /** What to do at the end of the history; cleared when done. */
  private atLive: Pick<FeedStart, 'liveFrame' | 'onLive'>;
  private current: FeedState = 'catching_up';
  private replaying: AbortController | undefined;
  /** Set until the initial values are sent. */
  private initial: InitialPhase | undefined;
  private isClosed = false;

  constructor(
    private readonly source: FeedSource,
    start: FeedStart,
    private readonly subscriber: Subscriber<Segment>,
  ) {
    const { plan } = start;
    this.cursor = plan.after;
    this.atLive = start;
    this.notBeforeNanos = plan.notBeforeNanos;
    if (plan.start === 'last') {
      this.initial = new InitialPhase(plan.notBeforeNanos, (segment) => this.emit(segment));
      // It is about the initial values alone.
      this.notBeforeNanos = undefined;
    }
  }

  get isCompressed(): boolean {
    return this.source.sink.isCompressed;
  }

  get state(): FeedState {
    return this.current;
  }

  /** Everything up to here was written; undefined while the client is behind. */
  get caughtUpTo(): number | undefined {
    if (this.current !== 'live') return undefined;
    return Math.max(this.cursor, this.source.channel.position);
  }

  begin(opened: OpenReplay | undefined): void {
    if (opened === undefined) this.advance();
    else this.startReplay(opened);
  }

  /** Called by the channel while live: sends the next segment, or as much as the socket accepts. */
  deliver(segment: Segment): void {
    if (segment.through <= this.cursor) return;
    // A cursor may be ahead of the tail: from another replica, or after a faster replay.
    const due = segment.after(this.cursor);
    const part = this.source.sink.fitShared(due);
    if (part.frames < due.frames) {
      this.fallBehind();
      if (part.frames === 0) return;
    }
    this.cursor = part.through;
    if (part.frames > 0) this.subscriber.next(part);
  }

  emit(segment: Segment): void {
    this.subscriber.next(segment);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.source.channel.leave(this);
    this.replaying?.abort();
  }

  /** Sends what follows the cursor until the socket is full or nothing is left. */
  private readonly advance = (): void => {
    const { turns } = this.source;
    let goesOn = true;
    // The subscriber is closed before the feed when it ends within its own subscription.
    while (goesOn && !this.isClosed && !this.subscriber.closed) {
      if (turns.isUsedUp) return turns.wait(this.advance);
      const began = turns.now();
      goesOn = this.step();
      turns.spentSince(began);
    }
  };

  /** Sends one part from memory; false if it must wait, or the session is live. */
  private step(): boolean {
    if (this.initial !== undefined) return this.advanceInitial(this.initial);
    const { log, channel, sink } = this.source;
    if (this.cursor < log.position.sequence) {
      if (!log.messages.covers(channel.set, this.cursor)) return this.startReplay(undefined);
      if (this.notBeforeNanos !== undefined) {
        const skipped = skipOlder(this.source, this.cursor, this.notBeforeNanos);
        this.cursor = skipped.cursor;
        if (skipped.isOver) this.notBeforeNanos = undefined;
      }
      const segment = channel.after(this.cursor);
      if (segment.frames > 0) {
        const part = sink.fitShared(segment);
        if (part.frames === 0) return this.waitForSink();
        this.cursor = part.through;
        this.subscriber.next(part);
        return true;
      }
      this.cursor = Math.max(this.cursor, segment.through);
    }
    if (!channel.join(this, this.cursor)) return true;
    this.current = 'live';
    this.notBeforeNanos = undefined;
    this.announceLive();
    this.source.observer.wentLive();
    return false;
  }

  /** Sends initial values from memory or starts a read; false if it must wait. */
  private advanceInitial(phase: InitialPhase): boolean {
    const { channel, sink } = this.source;
    if (phase.isRead) {
      this.endInitial(phase);
      return true;
    }
    if (!this.hasValues(phase)) return this.startReplay(undefined);
    if (phase.through === undefined) this.beginInitial(phase);
    const { segment, hasReplaced } = channel.initial.after(phase);
    phase.hasReplaced ||= hasReplaced;
    const due = this.withLive(segment, phase);
    const part = sink.fitShared(due);
    if (part.frames === 0 && due.frames > 0) return this.waitForSink();
    phase.cursor = part.through;
    if (due !== segment && part.frames === due.frames) {
      this.initial = undefined;
      this.atLive = {};
      this.cursor = due.through;
    }
    if (part.frames > 0) this.subscriber.next(part);
    return true;
  }

  /** Whether memory knows the values, and whatever replaced one of them before it was read. */
  private hasValues(phase: InitialPhase): boolean {
    const { log, channel } = this.source;
    return phase.isSettled(log.position.sequence) && log.latest.isCompleteFor(channel.set);
  }

  private beginInitial(phase: InitialPhase): void {
    const { position } = this.source.channel.initial;
    phase.begin(position);
    phase.settle(position);
  }

  private waitForSink(): false {
    this.source.sink.whenIdle(this.advance);
    return false;
  }

  /** Sends the last initial values and `event: live` in one write. */
  private withLive(segment: Segment, { through = 0, hasReplaced }: InitialPhase): Segment {
    const { liveFrame } = this.atLive;
    if (liveFrame === undefined || hasReplaced || segment.through < through) return segment;
    const { channel } = this.source;
    return channel.initial.announce(segment, channel.quietThrough(through), liveFrame);
  }

  /** The state is complete, and everything after its position is sent as ordinary messages. */
  private endInitial(phase: InitialPhase): void {
    this.initial = undefined;
    // What was replaced meanwhile comes first: it belongs to the state.
    const { through = 0, hasReplaced } = phase;
    this.cursor = hasReplaced ? through : this.source.channel.quietThrough(through);
    if (!hasReplaced) this.announceLive();
  }

  /** Sent as a frame that does not count as a message. */
  private announceLive(): void {
    const { atLive, cursor } = this;
    const { liveFrame, onLive } = atLive;
    this.atLive = {};
    if (liveFrame !== undefined) {
      const frame = { sequence: cursor, bytes: liveFrame(cursor), isGap: true };
      this.subscriber.next(Segment.join([frame], cursor));
    }
    onLive?.(cursor);
  }

  private fallBehind(): void {
    this.source.channel.leave(this);
    this.current = 'catching_up';
    this.source.observer.lagging();
    this.source.sink.whenIdle(this.advance);
  }

  private startReplay(opened: OpenReplay | undefined): false {
    const { source } = this;
    this.current = 'replaying';
    const aborter = new AbortController();
    this.replaying = aborter;
    const context = {
      ...source,
      onFailure: (failure: NatsReadError) => source.observer.replayFailed(failure),
    };
    const { initial } = this;
    const scope = initial && new InitialScope(source, initial);
    new Replay(context, initial ?? this, aborter.signal, scope).run(opened).then(
      () => {
        if (this.isClosed) return;
        this.replaying = undefined;
        this.current = 'catching_up';
        if (scope?.isRead === true) initial?.readAll();
        this.advance();
      },
      (error: unknown) => source.observer.replayGaveUp(error),
    );
    return false;
  }
}
