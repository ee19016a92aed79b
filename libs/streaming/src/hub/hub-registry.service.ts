import {
  Inject,
  Injectable,
  Logger,
  Optional,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { NUTS_METRICS, NoopMetrics, SafeMetrics, type NutsMetrics } from '@nuts/metrics';
import { NatsClients, type NatsEvent, type StreamFacts } from '@nuts/nats';
import {
  ReplaySubject,
  Subject,
  Subscription,
  distinct,
  filter,
  interval,
  merge,
  switchMap,
  type Observable,
} from 'rxjs';
import { matchHub } from '../request/hub-path.js';
import type { StreamEvent } from '../lifecycle/stream-event.interface.js';
import { PresenceCount } from '../presence/count-presence.js';
import type { TopicPresence } from '../presence/presence.interface.js';
import { HubMappers } from '../mapping/hub-mappers.service.js';
import { STREAMING_OPTIONS, type StreamingOptions } from '../streaming.options.js';
import { CLIENT_COUNTS, type ClientCounts } from './client-counts.interface.js';
import { FailedAttempts } from './failed-attempts.js';
import { Hub } from './hub.js';
import { duplicateHubs, hubIssues } from './hub-issues.js';
import { HubOptionsError } from './hub-options.error.js';
import type { HubOptions } from './hub-options.interface.js';
import { inAllModules } from './sibling-modules.js';
import { streamWarnings } from './stream-warnings.js';
import { StreamSources } from './stream-sources.js';
import type { HubDirectory, HubMatch } from './stream-request.interface.js';

/** Interval of the size gauges, in ms. */
const REPORT_MS = 1000;

/**
 * The hubs of one application. Inject it to read their status, or to close the streams of a user after a
 * logout. Hubs with the same NATS system, stream and prefix share one tail.
 */
@Injectable()
export class HubRegistry
  implements HubDirectory, OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown
{
  /** Each failure once; late subscribers receive the latest. See `HubDirectory.failure$`. */
  readonly failure$: Observable<Error>;

  /** Opened and closed streams of all hubs. Hubs create these events only while there is a subscriber. */
  readonly streams$: Observable<StreamEvent>;

  /** The subjects passed to {@link closeStreamsOf}. Other processes close the streams of these subjects too. */
  readonly closings$: Observable<string>;

  /** The subjects whose streams were closed in this process, also if another process asked for it. */
  readonly closed$: Observable<string>;

  private readonly failures = new ReplaySubject<Error>(1);
  private readonly streams = new Subject<StreamEvent>();
  private readonly closings = new Subject<string>();
  private readonly closed = new Subject<string>();
  private readonly logger = new Logger(HubRegistry.name);
  private readonly failedAttempts = new FailedAttempts();
  private readonly logs: StreamSources;
  private readonly all: readonly Hub[];
  private readonly running = new Subscription();
  private readonly metrics: NutsMetrics;

  constructor(
    @Inject(STREAMING_OPTIONS) options: StreamingOptions,
    private readonly clients: NatsClients,
    private readonly mappers: HubMappers,
    @Optional() @Inject(NUTS_METRICS) metrics: NutsMetrics = new NoopMetrics(),
    @Optional() @Inject(CLIENT_COUNTS) private readonly counts?: ClientCounts,
    @Optional() private readonly modules?: ModulesContainer,
  ) {
    const issues = hubIssues(options.hubs);
    if (issues.length > 0) throw new HubOptionsError(issues);
    this.streams$ = this.streams.asObservable();
    this.closings$ = this.closings.asObservable();
    this.closed$ = this.closed.asObservable();
    // A missing stream is looked up repeatedly, but reported once.
    this.failure$ = this.failures.pipe(distinct(({ message }) => message));
    this.metrics = new SafeMetrics(metrics, (method, error) =>
      this.logger.error({
        msg: 'the metrics failed; further failures are not told',
        method,
        error,
      }),
    );
    this.logs = new StreamSources(clients, options.hubs);
    this.all = options.hubs.map((hub) => this.create(hub));
  }

  hubs(): readonly Hub[] {
    return this.all;
  }

  /** The hub with this name. */
  byName(name: string): Hub | undefined {
    return this.all.find((hub) => hub.options.name === name);
  }

  byPath(pathname: string): HubMatch<Hub> | undefined {
    return matchHub(this.all, pathname);
  }

  /**
   * Ends all streams of one client, for example after a logout or for a revoked token. With `FleetModule`,
   * the other processes do the same; `Fleet.closeStreamsOf` waits for them.
   *
   * @param subject the token's `sub`, or the subject that your own guard set
   * @returns the number of streams ended in this process
   */
  closeStreamsOf(subject: string): number {
    this.closings.next(subject);
    return this.closeLocalStreamsOf(subject);
  }

  /** Like {@link closeStreamsOf}, in this process only. */
  closeLocalStreamsOf(subject: string): number {
    this.closed.next(subject);
    return this.all.reduce((closed, hub) => closed + hub.closeStreamsOf(subject), 0);
  }

  /**
   * The subscribers of the topics in this process; empty for an unknown hub.
   *
   * @param hub the hub's name
   * @param topics without the hub's prefix, wildcards allowed
   */
  async presenceOf(hub: string, topics: readonly string[]): Promise<Map<string, TopicPresence>> {
    return (
      (await this.byName(hub)?.presence.count(topics)) ?? new PresenceCount([topics]).answer(0)
    );
  }

  /** @throws HubOptionsError if hubs of several modules share a path or name */
  onModuleInit(): void {
    if (this.modules === undefined) return;
    const all = inAllModules(this.modules, HubRegistry).flatMap((registry) => registry.hubs());
    const issues = duplicateHubs(all.map(({ options }) => options));
    if (issues.length > 0) throw new HubOptionsError(issues);
  }

  onApplicationBootstrap(): void {
    this.running.add(this.clients.events$.subscribe((event) => this.count(event)));
    this.running.add(
      merge(...this.logs.all().map(({ unusable$ }) => unusable$)).subscribe((failure) =>
        this.failures.next(failure),
      ),
    );
    this.running.add(
      merge(...this.logs.all().map(({ begun$ }) => begun$)).subscribe((facts) =>
        this.warnAbout(facts),
      ),
    );
    this.running.add(
      merge(...this.logs.all().map(({ lost$ }) => lost$)).subscribe(({ kind, message }) => {
        // A lost connection is logged elsewhere, and it takes every consumer with it.
        if (kind === 'disconnected') return;
        this.logger.warn({ msg: 'reading the stream was interrupted', kind, error: message });
      }),
    );
    for (const client of this.clients.all()) {
      this.running.add(
        client.status$
          .pipe(
            filter((status) => status === 'closed'),
            // Also ends when the client gave up at startup; that failure contains the reason.
            switchMap(() => client.ready.then(closedForGood, (failure: Error) => failure)),
          )
          .subscribe((failure) => this.failures.next(failure)),
      );
    }
    this.running.add(interval(REPORT_MS).subscribe(() => this.logs.report()));
    this.logs.start();
  }

  beforeApplicationShutdown(): void {
    this.running.unsubscribe();
    for (const hub of this.all) hub.close();
    this.logs.stop();
  }

  private create(options: HubOptions): Hub {
    const { name } = options;
    const { counts, streams } = this;
    return new Hub(options, this.logs.of(options), this.metrics.hub(name), {
      mapping: this.mappers.of(options),
      announce: () => (streams.observed ? (event) => streams.next(event) : undefined),
      ...(counts && {
        elsewhere: {
          of: (client) => counts.elsewhere(name, client),
          changed: (client, held) => counts.changed(name, client, held),
        },
      }),
    });
  }

  private warnAbout(facts: StreamFacts): void {
    const hubs = this.all.map(({ options }) => options);
    for (const warning of streamWarnings(facts, hubs)) this.logger.warn(warning);
  }

  private count(event: NatsEvent): void {
    switch (event.type) {
      case 'disconnect':
      case 'reconnect':
      case 'closed':
      case 'lame_duck':
        this.metrics.natsEvent(event.type);
        if (event.type === 'reconnect') this.failedAttempts.connected(event.connection);
        this.logger.warn({ msg: `NATS ${event.type}`, connection: event.connection });
        return;
      case 'async_error':
        this.metrics.natsError(event.kind);
        this.logger.warn({ msg: 'NATS error', kind: event.kind, error: event.message });
        return;
      case 'attempt_failed': {
        const line = this.failedAttempts.line(event);
        if (line !== undefined) this.logger.warn(line);
        return;
      }
      case 'connect':
        this.failedAttempts.connected(event.connection);
        this.logger.log({ msg: 'NATS connected', server: event.server, version: event.version });
        return;
      default:
        return event satisfies never;
    }
  }
}

function closedForGood(): Error {
  return new Error(
    'The connection to NATS is closed and will not be retried: max_reconnects is used up. Check nats_url and the servers, or set max_reconnects to -1 to retry without limit.',
  );
}
