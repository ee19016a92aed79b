import type { Subscription } from 'rxjs';
import { ChannelSet } from '../channel/channel-set.js';
import { DEFAULT_FORMAT } from '../frames/message.fixture.js';
import type { LastValuesBounds } from '../log/last-values.js';
import { MemoryStream } from '../log/memory-stream.fixture.js';
import { StreamLog } from '../log/stream-log.js';
import { ReplaySlots } from '../replay/replay-slots.js';
import { TurnBudget } from '../turns/turn-budget.js';
import { feed, type Feed } from './feed.js';
import type { FeedStart } from './feed.interface.js';
import { ManualSink } from './manual-sink.fixture.js';

/** A session without HTTP: records what was sent, and lets the test control the socket. */
export interface FedClient {
  readonly received: number[];
  readonly sink: ManualSink;
  readonly subscription: Subscription;
  readonly feed: Feed;
  readonly transitions: string[];
  /** What was sent, by write. */
  readonly writes: string[];
  failure: unknown;
}

/** An engine over an in-memory stream. */
export class FedEngine<S extends MemoryStream = MemoryStream> {
  readonly stream: S;
  readonly slots: ReplaySlots;
  readonly turns = new TurnBudget(() => 0);
  log!: StreamLog;
  channels!: ChannelSet;

  constructor(
    private readonly windowMessages: number,
    slots = 4,
    stream?: S,
    private readonly lastValues?: LastValuesBounds,
  ) {
    this.stream = stream ?? (new MemoryStream() as S);
    this.slots = new ReplaySlots(() => slots);
  }

  async start(): Promise<void> {
    this.log = new StreamLog(this.stream, {
      stream: 'EVENTS',
      topicPrefix: '',
      window: { maxMessages: this.windowMessages, maxBytes: 1e9 },
      ...(this.lastValues && { lastValues: this.lastValues }),
      idleHeartbeatMs: 10_000,
    });
    this.channels = new ChannelSet(this.log, { flushed: () => undefined });
    this.log.start();
    while (!this.log.canServe) await settle();
  }

  stop(): void {
    this.log.stop();
    this.channels.close();
  }

  /** Opens a session on these topics from a cursor, or from last values with a `start`. */
  connect(
    topics: readonly string[],
    after: number,
    room = 1000,
    notBeforeNanos?: bigint,
    clientName = 'a client',
    start?: Pick<FeedStart, 'liveFrame' | 'onLive'>,
  ): FedClient {
    const sink = new ManualSink(room);
    const received: number[] = [];
    const transitions: string[] = [];
    const writes: string[] = [];
    const channel = this.channels.acquire(topics, this.channels.encoder(DEFAULT_FORMAT));
    let running: Feed | undefined;
    const client = { received, sink, transitions, writes, failure: undefined as unknown };
    const subscription = feed(
      {
        log: this.log,
        channel,
        slots: this.slots,
        turns: this.turns,
        sink,
        client: () => clientName,
        observer: {
          wentLive: () => transitions.push('live'),
          lagging: () => transitions.push('behind'),
          replayFailed: (failure) => transitions.push(failure.kind),
          replayGaveUp: (error) => (client.failure = error),
        },
      },
      {
        plan: {
          after,
          ...(notBeforeNanos !== undefined && { notBeforeNanos }),
          ...(start !== undefined && { start: 'last' as const }),
        },
        ...start,
      },
      (created) => (running = created),
    ).subscribe({
      next: (segment) => {
        sink.writeSegment(segment);
        writes.push(segment.bytes.toString());
        for (let i = 0; i < segment.frames; i++) received.push(segment.sequenceAt(i));
      },
      // Otherwise RxJS would throw it on the event loop, which ends the test process.
      error: (error: unknown) => (client.failure = error),
    });
    subscription.add(() => this.channels.release(channel));
    if (running === undefined) throw new Error('the feed did not start');
    return Object.assign(client, { subscription, feed: running });
  }
}

/** Runs everything that is due: promises and the end of the tick. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await new Promise((resolve) => setImmediate(resolve));
}
