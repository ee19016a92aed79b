import type { Observable } from 'rxjs';
import type { HubMetrics } from '@nuts/metrics';
import { streamNow, type NatsClient, type NatsReadError, type StreamFacts } from '@nuts/nats';
import { ChannelSet } from '../channel/channel-set.js';
import type { LogEntry } from '../log/log-entry.js';
import { StreamLog, type StreamLogOptions } from '../log/stream-log.js';
import { ReplaySlots } from '../replay/replay-slots.js';
import { TurnBudget } from '../turns/turn-budget.js';
import { PatternTurns } from './pattern-turns.js';
import { ReaderRecovery } from './reader-recovery.js';

/** Concurrent replay consumers per stream, unless the stream allows fewer. */
const REPLAY_CONSUMERS = 8;
const MS_PER_NANO = 1e-6;
/** A larger difference from the server's clock is no latency: our clock is wrong, in ms. */
const CLOCK_ERROR_MS = 10_000;

/** Shared by all hubs of one stream and prefix: the log, its channels and the replay slots. */
export class StreamSource {
  readonly log: StreamLog;
  readonly channels: ChannelSet;
  readonly slots: ReplaySlots;
  readonly recovery: ReaderRecovery;
  readonly patterns: PatternTurns;
  /** Of the sessions that catch up. */
  readonly turns = new TurnBudget();
  private readonly observers = new Set<HubMetrics>();

  constructor(client: NatsClient, options: StreamLogOptions) {
    this.log = new StreamLog(client, options);
    this.patterns = new PatternTurns(() => this.log.messages);
    this.recovery = new ReaderRecovery(this.log);
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

  /** Emits the stream info each time a stream is read from its beginning. */
  get begun$(): Observable<StreamFacts> {
    return this.log.begun$;
  }

  /** Emits when a consumer of the tail was lost or refused; the tail creates another one. */
  get lost$(): Observable<NatsReadError> {
    return this.log.lost$;
  }

  /** Emits when the stream can never be served; the message says why. */
  get unusable$(): Observable<Error> {
    return this.log.unusable$;
  }

  /** Adds a hub; its metrics receive the events of the shared parts. */
  observe(metrics: HubMetrics): void {
    this.observers.add(metrics);
  }

  /**
   * Reports the window's size and the number of shared subscriptions. Cheap: called at each change, and
   * periodically because retention also shrinks the window.
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

  /** One hub counts for all: these metrics have no `hub` label and are summed over hubs. */
  private get firstHub(): HubMetrics | undefined {
    const [first] = this.observers;
    return first;
  }

  /** If the stream allows few consumers, the tail needs one, and other applications may need some. */
  private replayLimit(): number {
    const most = this.log.facts?.maxConsumers ?? -1;
    return most > 0 ? Math.min(REPLAY_CONSUMERS, Math.max(1, most - 1)) : REPLAY_CONSUMERS;
  }

  private flushed(entries: readonly LogEntry[]): void {
    const nowMs = this.now();
    for (const metrics of this.observers) {
      metrics.fanoutBatch(entries.length);
      for (const { message } of entries) {
        const storedMs = Number(message.timeNanos) * MS_PER_NANO;
        metrics.deliveryLag(Math.max(0, nowMs - storedMs) / 1000);
      }
    }
  }

  /** Our own clock is more exact than the estimate of the server's, unless it is wrong. */
  private now(): number {
    const [ours, theirs] = [Date.now(), streamNow(this.log.facts)];
    return Math.abs(ours - theirs) > CLOCK_ERROR_MS ? theirs : ours;
  }
}
