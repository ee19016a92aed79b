import { nuid } from 'nats';
import { defer, merge, Subject, throwError, type Observable } from 'rxjs';
import type { Link } from './connection/link.js';
import { ReplayConnection } from './connection/replay-connection.js';
import { SupervisedConnection } from './connection/supervised-connection.js';
import { disconnected, JetStreamApi } from './jetstream/jetstream-api.js';
import { DirectLookup, lookUpAtLeader, type Lookup } from './jetstream/message-lookup.js';
import { MomentLookup } from './jetstream/moment-lookup.js';
import { publishStored } from './jetstream/publish.js';
import { streamFacts, type StreamInfoAnswer } from './jetstream/stream-facts.js';
import { requireQuorum } from './jetstream/stream-quorum.js';
import { CoreMessaging } from './messaging/core-messaging.js';
import type { NatsMessaging } from './messaging/nats-messaging.interface.js';
import type {
  FollowOptions,
  NatsClient,
  NatsServerInfo,
  NatsStatus,
  PublishAck,
  PublishOptions,
  PullReader,
  ReaderOptions,
  StoredMessage,
  StreamFacts,
} from './nats-client.interface.js';
import type { NatsEvent } from './nats-event.interface.js';
import type { NatsConnectErrorKind } from './nats.errors.js';
import type { NatsOptions } from './nats-options.interface.js';
import type { PlacedOptions } from './reader/consumer-config.js';
import { ConsumerRegistry } from './reader/consumer-registry.js';
import type { EphemeralConsumer } from './reader/ephemeral-consumer.js';
import { follow } from './reader/follow.js';
import { CountedReader } from './reader/counted.reader.js';
import { ConsumerPullReader } from './reader/pull.reader.js';
import { RenewingReader, type LimitedReader } from './reader/renewing.reader.js';
import type { StreamMessage } from './stream-message.js';

/** Timeout of an acknowledgement (contract §10). */
const PUBLISH_TIMEOUT_MS = 5000;

/** The default client: `nats` (or `nats.ws`) for the connection, with our own readers. */
export class JetStreamNatsClient implements NatsClient {
  readonly ready: Promise<void>;
  readonly status$: Observable<NatsStatus>;
  readonly events$: Observable<NatsEvent>;
  readonly messaging: NatsMessaging;
  private readonly name: string;
  private readonly main: SupervisedConnection;
  private readonly api: JetStreamApi;
  private readonly replayEvents = new Subject<NatsEvent>();
  private readonly direct: DirectLookup;
  private readonly moments = new MomentLookup(this);
  private readonly consumers: ConsumerRegistry;
  /** The latest stream info by stream, used to choose how to read. */
  private readonly known = new Map<string, StreamFacts>();
  private replay: ReplayConnection | undefined;
  private closing: Promise<void> | undefined;

  /** Starts connecting immediately; see `ready`. */
  constructor(private readonly options: NatsOptions) {
    this.name = options.name ?? `nuts_${nuid.next()}`;
    this.api = new JetStreamApi(options);
    this.direct = new DirectLookup(this.api);
    this.consumers = new ConsumerRegistry(this.api, () => this.main.link);
    this.main = new SupervisedConnection(options, 'main', this.name);
    this.ready = this.main.ready;
    this.messaging = new CoreMessaging(this.main);
    this.status$ = this.main.status$.asObservable();
    this.events$ = merge(this.main.events$, this.replayEvents);
    this.main.events$.subscribe({ complete: () => this.replayEvents.complete() });
    this.main.status$.subscribe((status) => {
      if (status === 'connected') void this.consumers.sweep();
    });
  }

  get status(): NatsStatus {
    return this.main.status$.value;
  }

  get failure(): NatsConnectErrorKind | undefined {
    return this.main.failure;
  }

  get inboxPrefix(): string {
    return this.options.inboxPrefix ?? '_INBOX';
  }

  get server(): NatsServerInfo | undefined {
    const info = this.link?.info as
      { version: string; server_name?: string; cluster?: string; domain?: string } | undefined;
    if (info === undefined) return undefined;
    const { version, server_name: name, cluster, domain } = info;
    return {
      version,
      ...(name && { name }),
      ...(cluster && { cluster }),
      ...(domain && { domain }),
    };
  }

  get maxPayload(): number | undefined {
    return this.link?.info?.max_payload;
  }

  async streamFacts(stream: string): Promise<StreamFacts> {
    const subject = this.api.subject('STREAM.INFO', stream);
    const answer = await this.api.ask<StreamInfoAnswer>(this.link, subject);
    requireQuorum(subject, answer.cluster);
    const facts = streamFacts(answer);
    this.known.set(stream, facts);
    return facts;
  }

  messageAt(stream: string, sequence: number): Promise<StoredMessage | undefined> {
    return this.lookUp(stream, { seq: sequence });
  }

  nextMessage(
    stream: string,
    sequence: number,
    subject: string,
  ): Promise<StoredMessage | undefined> {
    return this.lookUp(stream, { seq: sequence, next_by_subj: subject });
  }

  lastMessage(stream: string, subject: string): Promise<StoredMessage | undefined> {
    return lookUpAtLeader(this.api, this.link, stream, { last_by_subj: subject });
  }

  follow(options: FollowOptions): Observable<StreamMessage> {
    return defer(() => {
      const { link } = this;
      if (link === undefined) return throwError(() => disconnected('Following a stream'));
      return follow(link, options, () => this.openConsumer(link, options, true));
    });
  }

  async openPull(options: ReaderOptions): Promise<PullReader> {
    const first = await this.openOnce(options);
    if (first.goodFor === Infinity) return first.reader;
    const renew = (after: number): Promise<LimitedReader> =>
      this.openOnce({ ...options, start: { sequence: after + 1 } });
    return new RenewingReader(first, renew);
  }

  publish(subject: string, data: Uint8Array, options: PublishOptions = {}): Promise<PublishAck> {
    return publishStored(this.link, PUBLISH_TIMEOUT_MS, subject, data, options);
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  /** The live main link, unless the client is closing. */
  private get link(): Link | undefined {
    return this.closing === undefined ? this.main.link : undefined;
  }

  private lookUp(stream: string, lookup: Lookup): Promise<StoredMessage | undefined> {
    return this.known.get(stream)?.allowDirect === true
      ? this.direct.find(this.link, stream, lookup)
      : lookUpAtLeader(this.api, this.link, stream, lookup);
  }

  private async openConsumer(
    link: Link,
    options: ReaderOptions,
    endless: boolean,
  ): Promise<EphemeralConsumer> {
    const start = await this.placeOf(options);
    const facts = this.known.get(options.stream);
    return this.consumers.create(link, { options: { ...options, start }, facts, endless });
  }

  private async placeOf({ stream, start }: ReaderOptions): Promise<PlacedOptions['start']> {
    if (!('timeNanos' in start)) return start;
    return { sequence: await this.moments.sequenceAt(stream, start.timeNanos) };
  }

  private async openOnce(options: ReaderOptions): Promise<LimitedReader> {
    const link = await this.replayLink();
    const consumer = await this.openConsumer(link, options, false);
    const byBytes = new ConsumerPullReader(link, consumer, this.api.timeoutMs);
    const reader = 'lastPerSubject' in options.start ? new CountedReader(byBytes) : byBytes;
    return { reader, goodFor: consumer.goodFor };
  }

  /** The link for replays: the second connection, or the main one if that is refused or disconnected. */
  private async replayLink(): Promise<Link> {
    if (this.link === undefined) throw disconnected('Opening a replay');
    this.replay ??= this.openReplay();
    const link = (await this.replay.link(this.api.timeoutMs)) ?? this.link;
    if (link === undefined || this.closing !== undefined) throw disconnected('Opening a replay');
    return link;
  }

  private openReplay(): ReplayConnection {
    const replay = new ReplayConnection(this.options, `${this.name}_replay`);
    replay.events$.subscribe((event) => this.replayEvents.next(event));
    return replay;
  }

  private async shutDown(): Promise<void> {
    // Deferred by a turn, so that `closing` is set before the link is requested again.
    await Promise.resolve();
    await this.consumers.removeAll();
    await Promise.all([this.main.close(), this.replay?.close()]);
  }
}
