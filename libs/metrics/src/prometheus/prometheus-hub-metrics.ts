import type {
  DisconnectReason,
  DropReason,
  HubMetrics,
  InvalidationReason,
  PageResult,
  PublishResult,
  RejectionReason,
  SharedTransition,
  StreamEncoding,
  StreamStart,
  WriteSite,
} from '../nuts-metrics.interface.js';
import type { HubReadings } from './hub-readings.service.js';
import { Tally } from './tally.js';
import type { BoundCounter, BoundCounters, Instruments } from './instruments.js';

/** The counters shared by all hubs: the original's metrics have no label `hub`. */
export class ProcessCounters {
  readonly delivered: BoundCounter;
  readonly slowClients: BoundCounter;
  readonly replays: BoundCounter;
  readonly fallbacks: BoundCounter;
  readonly replayCaps: BoundCounter;
  readonly subscriptionErrors: BoundCounter;
  readonly dropped: BoundCounters<DropReason>;
  readonly rejected: BoundCounters<RejectionReason>;
  readonly invalidated: BoundCounters<InvalidationReason>;
  readonly writeDisconnects: BoundCounters<WriteSite>;
  readonly transitions: BoundCounters<SharedTransition>;

  constructor(instruments: Instruments) {
    this.delivered = instruments.counter('nuts_messages_delivered_total');
    this.slowClients = instruments.counter('nuts_slow_client_disconnects_total');
    this.replays = instruments.counter('nuts_replay_requests_total');
    this.fallbacks = instruments.counter('nuts_replay_fallbacks_total');
    this.replayCaps = instruments.counter('nuts_replay_cap_reached_total');
    this.subscriptionErrors = instruments.counter('nuts_subscription_errors_total');
    this.dropped = instruments.counters('nuts_messages_dropped_total');
    this.rejected = instruments.counters('nuts_connections_rejected_total');
    this.invalidated = instruments.counters('nuts_consumer_invalidated_total');
    this.writeDisconnects = instruments.counters('nuts_write_disconnects_total');
    this.transitions = instruments.counters('nuts_shared_transitions_total');
  }
}

/** Records the metrics of one hub. `delivered` costs 3 ns; gauges are plain numbers until the scrape. */
export class PrometheusHubMetrics implements HubMetrics {
  private readonly closed: BoundCounters<DisconnectReason>;
  private readonly starts: BoundCounters<StreamStart>;
  private readonly pages: BoundCounters<PageResult>;
  private readonly sentBytes: Readonly<Record<StreamEncoding, Tally>>;
  private readonly plainBytes: Readonly<Record<StreamEncoding, Tally>>;
  private readonly lag: { observe(value: number): void };
  private readonly waits: { observe(value: number): void };
  private readonly batch: { observe(value: number): void };
  private readonly publishes: BoundCounters<PublishResult>;
  private readonly publishTimes: { observe(value: number): void };

  constructor(
    private readonly process: ProcessCounters,
    private readonly readings: HubReadings,
    private readonly onClose: () => void,
    instruments: Instruments,
  ) {
    this.closed = instruments.counters('nuts_stream_closed_total', readings.hub);
    this.starts = instruments.counters('nuts_starts_total', readings.hub);
    this.pages = instruments.counters('nuts_pages_total', readings.hub);
    this.sentBytes = tallies(instruments.counters('nuts_sent_bytes_total', readings.hub));
    this.plainBytes = tallies(instruments.counters('nuts_sent_plain_bytes_total', readings.hub));
    readings.settle = () => this.settle();
    this.lag = instruments.histogram('nuts_delivery_lag_seconds', readings.hub);
    this.waits = instruments.histogram('nuts_replay_wait_seconds', readings.hub);
    this.batch = instruments.histogram('nuts_fanout_batch_messages', readings.hub);
    this.publishes = instruments.counters('nuts_publishes_total', readings.hub);
    this.publishTimes = instruments.histogram('nuts_publish_seconds', readings.hub);
  }

  connectionOpened(): void {
    this.readings.connections += 1;
  }
  connectionClosed(): void {
    this.readings.connections -= 1;
  }
  streamClosed(reason: DisconnectReason): void {
    this.closed[reason].inc();
  }
  started(start: StreamStart): void {
    this.starts[start].inc();
  }
  paged(result: PageResult): void {
    this.pages[result].inc();
  }
  delivered(frames: number): void {
    this.process.delivered.inc(frames);
  }
  sent(encoding: StreamEncoding, plainBytes: number, wireBytes: number): void {
    this.sentBytes[encoding].add(wireBytes);
    this.plainBytes[encoding].add(plainBytes);
  }
  dropped(reason: DropReason): void {
    this.process.dropped[reason].inc();
  }
  slowClientDisconnected(): void {
    this.process.slowClients.inc();
  }
  replayRequested(): void {
    this.process.replays.inc();
  }
  replayFellBack(): void {
    this.process.fallbacks.inc();
  }
  replayCapReached(): void {
    this.process.replayCaps.inc();
  }
  subscriptionFailed(): void {
    this.process.subscriptionErrors.inc();
  }
  rejected(reason: RejectionReason): void {
    this.process.rejected[reason].inc();
  }
  consumerInvalidated(reason: InvalidationReason): void {
    this.process.invalidated[reason].inc();
  }
  writeDisconnected(site: WriteSite): void {
    this.process.writeDisconnects[site].inc();
  }
  sharedTransition(transition: SharedTransition): void {
    this.process.transitions[transition].inc();
  }
  deliveryLag(seconds: number): void {
    // The server's clock may be ahead of ours; a negative lag would decrease the histogram's sum.
    this.lag.observe(seconds > 0 ? seconds : 0);
  }
  fanoutBatch(messages: number): void {
    this.batch.observe(messages);
  }
  replayConsumers(count: number): void {
    this.readings.replayConsumers = count;
  }
  replaysWaiting(count: number): void {
    this.readings.replaysWaiting = count;
  }
  replayWaited(seconds: number): void {
    this.waits.observe(seconds);
  }
  window(messages: number, bytes: number): void {
    this.readings.windowMessages = messages;
    this.readings.windowBytes = bytes;
  }
  lastValues(messages: number, bytes: number): void {
    this.readings.lastValuesMessages = messages;
    this.readings.lastValuesBytes = bytes;
  }
  sharedSubscriptions(count: number): void {
    this.readings.sharedSubscriptions = count;
  }
  published(result: PublishResult, seconds: number | undefined): void {
    this.publishes[result].inc();
    if (seconds !== undefined) this.publishTimes.observe(seconds);
  }
  close(): void {
    this.settle();
    this.onClose();
  }

  private settle(): void {
    for (const tally of Object.values(this.sentBytes)) tally.settle();
    for (const tally of Object.values(this.plainBytes)) tally.settle();
  }
}

function tallies({
  identity,
  gzip,
}: BoundCounters<StreamEncoding>): Readonly<Record<StreamEncoding, Tally>> {
  return { identity: new Tally(identity), gzip: new Tally(gzip) };
}
