import type { Channel, LiveMember } from '../channel/channel.js';
import { Segment } from '../channel/segment.js';
import { NatsReadError } from '@nuts/nats';
import type { StreamLog } from '../log/stream-log.js';
import { Replay, type OpenReplay } from '../replay/replay.js';
import type { ReplaySlots } from '../replay/replay-slots.js';
import type { ReplayTarget } from '../replay/replay-target.interface.js';
import type { FrameSink } from './response-writer.js';
import { Observable, type Subscriber } from 'rxjs';

/** What a feed reads from and writes to. */
export interface FeedSource {
  readonly log: StreamLog;
  readonly channel: Channel;
  readonly slots: ReplaySlots;
  readonly sink: FrameSink;
  /** Whom replay slots are shared fairly among. */
  readonly client: () => string;
  readonly observer: FeedObserver;
}

/** Hears of a session's changes of state. */
export interface FeedObserver {
  wentLive(): void;
  lagging(): void;
  /** A consumer was lost or refused; the replay goes on with another. */
  replayFailed(failure: NatsReadError): void;
  /** The replay cannot go on: the session has to end. */
  replayGaveUp(error: unknown): void;
}

/** Where a feed starts. */
export interface FeedStart {
  readonly after: number;
  readonly notBeforeNanos?: bigint | undefined;
  readonly replay?: OpenReplay | undefined;
  /** Announces once that the history is delivered (contract §9); given the position. */
  readonly liveFrame?: ((sequence: number) => Buffer) | undefined;
}

/**
 * A session's position, and how it moves: `replaying` from JetStream, `catching_up` from the window,
 * `live` with its channel, and back when the socket is full.
 */
export type FeedState = 'catching_up' | 'replaying' | 'live';

/** The segments of one session in order, as fast as its sink takes them. Never ends by itself. */
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
 * The state machine of a session. There is one cursor, and one place that decides what follows it:
 * `advance`. The states cannot drift apart, since none holds data of its own: live sessions stand
 * at their channel's position, and all others ask memory what comes after the cursor.
 */
export class Feed implements LiveMember, ReplayTarget {
  cursor: number;
  notBeforeNanos: bigint | undefined;
  private liveFrame: ((sequence: number) => Buffer) | undefined;
  private current: FeedState = 'catching_up';
  private replaying: AbortController | undefined;
  private isClosed = false;

  constructor(
    private readonly source: FeedSource,
    start: FeedStart,
    private readonly subscriber: Subscriber<Segment>,
  ) {
    this.cursor = start.after;
    this.liveFrame = start.liveFrame;
    this.notBeforeNanos = start.notBeforeNanos;
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

  /** From the channel, while live: the next segment, or as much of it as the socket takes. */
  deliver(segment: Segment): void {
    if (segment.through <= this.cursor) return;
    // A cursor may be ahead of the tail: from another replica, or out of a replay that was faster.
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
    const { log, channel, sink, observer } = this.source;
    // The subscriber is closed before the feed when it ends within its own subscription.
    while (!this.isClosed && !this.subscriber.closed) {
      if (!log.messages.covers(channel.set, this.cursor)) return this.startReplay(undefined);
      this.skipOld();
      const segment = channel.after(this.cursor);
      if (segment.frames === 0) {
        this.cursor = Math.max(this.cursor, segment.through);
        if (!channel.join(this, this.cursor)) continue;
        this.current = 'live';
        this.notBeforeNanos = undefined;
        this.announceLive();
        return observer.wentLive();
      }
      const part = sink.fitShared(segment);
      if (part.frames === 0) return sink.whenIdle(this.advance);
      this.cursor = part.through;
      this.subscriber.next(part);
    }
  };

  /** As a frame that counts for no message. */
  private announceLive(): void {
    const { liveFrame, cursor } = this;
    if (liveFrame === undefined) return;
    this.liveFrame = undefined;
    const frame = { sequence: cursor, bytes: liveFrame(cursor), isGap: true };
    this.subscriber.next(Segment.join([frame], cursor));
  }

  private fallBehind(): void {
    this.source.channel.leave(this);
    this.current = 'catching_up';
    this.source.observer.lagging();
    this.source.sink.whenIdle(this.advance);
  }

  private startReplay(opened: OpenReplay | undefined): void {
    const { source } = this;
    this.current = 'replaying';
    const aborter = new AbortController();
    this.replaying = aborter;
    const replay = new Replay(
      { ...source, onFailure: (failure) => source.observer.replayFailed(failure) },
      this,
      aborter.signal,
    );
    replay.run(opened).then(
      () => {
        if (this.isClosed) return;
        this.replaying = undefined;
        this.current = 'catching_up';
        this.advance();
      },
      (error: unknown) => source.observer.replayGaveUp(error),
    );
  }

  /** With a start time, passes over what memory holds from before it. */
  private skipOld(): void {
    const { notBeforeNanos } = this;
    if (notBeforeNanos === undefined) return;
    const { log, channel } = this.source;
    for (;;) {
      const entries = log.messages.after(channel.set, this.cursor, 256);
      for (const entry of entries) {
        if (entry.message.timeNanos >= notBeforeNanos) {
          this.notBeforeNanos = undefined;
          return;
        }
        channel.encoder.skip(entry.message);
        this.cursor = entry.sequence;
      }
      if (entries.length === 0) return;
    }
  }
}
