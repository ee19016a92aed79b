import type { Observable } from 'rxjs';
import type { HubMetrics } from '@nuts/metrics';
import type { NatsClient, NatsReadError, StreamFacts } from '@nuts/nats';
import { ChannelSet } from '../channel/channel-set.js';
import type { LogEntry } from '../log/log-entry.js';
import { StreamLog, type StreamLogOptions } from '../log/stream-log.js';
import { ReplaySlots } from '../replay/replay-slots.js';
import { PatternTurns } from './pattern-turns.js';
import { ReaderReturn } from './reader-return.js';

/** Replay consumers at once for one stream, where the stream does not allow fewer. */
const REPLAY_CONSUMERS = 8;
const MS_PER_NANO = 1e-6;

/** What hubs of one stream and prefix share: the log, its channels and the slots for replays. */
export class StreamSource {
  readonly log: StreamLog;
  readonly channels: ChannelSet;
  readonly slots: ReplaySlots;
  readonly returning: ReaderReturn;
  readonly patterns: PatternTurns;
  private readonly observers = new Set<HubMetrics>();

  constructor(client: NatsClient, options: StreamLogOptions) {
    this.log = new StreamLog(client, options);
    this.patterns = new PatternTurns(() => this.log.messages);
    this.returning = new ReaderReturn(this.log);
    this.channels = new ChannelSet(this.log, { flushed: (entries) => this.flushed(entries) }, () =>
      this.report(),
    );
    this.slots = new ReplaySlots(
      () => this.replayLimit(),
      (held) => this.observers.forEach((metrics) => metrics.replayConsumers(held)),
      {
        waiting: (count) => this.observers.forEach((metrics) => metrics.replaysWaiting(count)),
        waited: (seconds) => this.observers.forEach((metrics) => metrics.replayWaited(seconds)),
      },
    );
    this.log.lost$.subscribe((error) => {
      if (error.kind !== 'consumer_lost' && error.kind !== 'sequence_gap') return;
      this.firstHub?.consumerInvalidated('recreated');
    });
    this.log.reset$.subscribe((reason) => this.firstHub?.consumerInvalidated(reason));
  }

  /** The stream's facts, each time that one is read from its beginning. */
  get begun$(): Observable<StreamFacts> {
    return this.log.begun$;
  }

  /** A consumer of the tail was lost or refused; another one is made. */
  get lost$(): Observable<NatsReadError> {
    return this.log.lost$;
  }

  /** The stream can never be served, with the sentence that says why. */
  get unusable$(): Observable<Error> {
    return this.log.unusable$;
  }

  /** A hub joins; its metrics hear what happens to the shared part. */
  observe(metrics: HubMetrics): void {
    this.observers.add(metrics);
  }

  /**
   * Reports the window's size and the number of shared subscriptions. A few assignments: called when
   * they change, and now and then for what the stream's own retention took out of the window.
   */
  report(): void {
    const { messages } = this.log;
    const { lastValues } = this.log.memory;
    for (const metrics of this.observers) {
      metrics.window(messages.messages, messages.bytes);
      metrics.lastValues(lastValues.messages, lastValues.bytes);
    }
    this.firstHub?.sharedSubscriptions(this.channels.size);
  }

  start(): void {
    this.log.start();
  }

  stop(): void {
    this.log.stop();
    this.channels.close();
  }

  /** One hub counts what all share, under the names that bear no `hub`: they sum over hubs. */
  private get firstHub(): HubMetrics | undefined {
    const [first] = this.observers;
    return first;
  }

  /** Of a stream with few consumers, the tail needs one, and others may want theirs. */
  private replayLimit(): number {
    const most = this.log.facts?.maxConsumers ?? -1;
    return most > 0 ? Math.min(REPLAY_CONSUMERS, Math.max(1, most - 1)) : REPLAY_CONSUMERS;
  }

  private flushed(entries: readonly LogEntry[]): void {
    const nowMs = Date.now();
    for (const metrics of this.observers) {
      metrics.fanoutBatch(entries.length);
      for (const { message } of entries) {
        const storedMs = Number(message.timeNanos) * MS_PER_NANO;
        metrics.deliveryLag(Math.max(0, nowMs - storedMs) / 1000);
      }
    }
  }
}
