import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { BehaviorSubject, Subject, type Observable } from 'rxjs';
import type { NatsStatus } from '../nats-client.interface.js';
import type { NatsConnectionRole, NatsEvent } from '../nats-event.interface.js';
import { NatsConnectError, type NatsConnectErrorKind } from '../nats.errors.js';
import type { NatsOptions } from '../nats-options.interface.js';
import { dial } from './dial.js';
import type { Link } from './link.js';
import { ServerList } from './server-list.js';
import { showServer } from './server-url.js';

const RECONNECT_WAIT_MS = 2000;
const NEVER_REACHED =
  'NATS could not be reached, and max_reconnects is used up. Check nats_url and the servers, or set max_reconnects to -1 to retry without limit.';

type EventBody = NatsEvent extends infer E
  ? E extends NatsEvent
    ? Omit<E, 'connection'>
    : never
  : never;

/**
 * Keeps one connection up. Before the first success, it retries while no server responds, and gives up
 * immediately on errors that a retry cannot fix (contract §7). Later it retries on every error, including
 * refused credentials, because files are rotated. `maxReconnects` limits the rounds without success; one
 * more is made at startup, because the first round is not a reconnect.
 */
export class SupervisedConnection {
  /** Resolves at the first connection; rejects with the `NatsConnectError` that made it give up. */
  readonly ready: Promise<void>;
  readonly events$: Observable<NatsEvent>;
  private readonly events = new Subject<NatsEvent>();
  private readonly status = new BehaviorSubject<NatsStatus>('connecting');
  private readonly stop = new AbortController();
  private current: Link | undefined;
  private lastFailure: NatsConnectErrorKind | undefined;
  private everConnected = false;
  private settle!: { resolve: () => void; reject: (error: Error) => void };
  private readonly done: Promise<void>;

  constructor(
    private readonly options: NatsOptions,
    private readonly role: NatsConnectionRole,
    private readonly name: string,
  ) {
    this.events$ = this.events.asObservable();
    this.ready = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    // Waiting callers get the error; if nobody waits, it must not crash the process.
    this.ready.catch(() => undefined);
    this.done = this.run();
  }

  get status$(): BehaviorSubject<NatsStatus> {
    return this.status;
  }

  /** The live link; undefined if there is none. */
  get link(): Link | undefined {
    return this.current?.alive === true ? this.current : undefined;
  }

  /** Why the latest attempts failed; undefined while connected, and before the first failure. */
  get failure(): NatsConnectErrorKind | undefined {
    return this.link === undefined ? this.lastFailure : undefined;
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.current?.close();
    await this.done;
  }

  private async run(): Promise<void> {
    try {
      const servers = new ServerList(this.options);
      while (!this.stop.signal.aborted) {
        const link = await this.connectOnce(servers);
        if (link === undefined) break;
        this.settle.resolve();
        await this.hold(link, servers);
        if (this.options.maxReconnects === 0) break;
      }
    } catch (error) {
      this.settle.reject(error as Error);
    } finally {
      this.settle.reject(new NatsConnectError('unreachable', 'The NATS client was closed.'));
      this.current = undefined;
      this.emit({ type: 'closed' });
      // Not completed, so that later subscribers still receive `closed`.
      this.status.next('closed');
      this.events.complete();
    }
  }

  /** While the main connection is up, a refusal of the other may be a temporary limit. */
  private get mayGiveUp(): boolean {
    return !this.everConnected && this.role === 'main';
  }

  /** Tries the servers until one accepts; undefined if the attempts are used up. */
  private async connectOnce(servers: ServerList): Promise<Link | undefined> {
    const { signal } = this.stop;
    const max = this.options.maxReconnects ?? -1;
    for (let round = 1; !signal.aborted; round++) {
      let fatal: NatsConnectError | undefined;
      for (const target of servers.round()) {
        if (signal.aborted) return undefined;
        try {
          return await dial({ ...target, name: this.name }, this.options, signal);
        } catch (error) {
          const failure = error as NatsConnectError;
          this.emit({ type: 'attempt_failed', error: failure });
          if (failure.fatal) fatal ??= failure;
        }
      }
      this.lastFailure = fatal?.kind ?? 'unreachable';
      if (this.mayGiveUp && fatal !== undefined) throw fatal;
      if (max >= 0 && round >= (this.everConnected ? max : max + 1)) {
        if (this.everConnected) return undefined;
        throw new NatsConnectError('unreachable', NEVER_REACHED);
      }
      await this.pause();
    }
    return undefined;
  }

  /** Waits ±10 %, so that the clients of a restarted server do not reconnect in step. */
  private async pause(): Promise<void> {
    const wait = this.options.reconnectWaitMs ?? RECONNECT_WAIT_MS;
    const jittered = (wait * randomInt(900, 1100)) / 1000;
    await delay(jittered, undefined, { signal: this.stop.signal }).catch(() => undefined);
  }

  private async hold(link: Link, servers: ServerList): Promise<void> {
    const server = showServer(link.server);
    const lost = new Promise<string | undefined>((onLost) =>
      link.listen({
        onLameDuck: () => this.emit({ type: 'lame_duck', server }),
        onAsyncError: (kind, message) => this.emit({ type: 'async_error', kind, message }),
        onServers: (added) => servers.learn(added, link.server),
        onLost,
      }),
    );
    servers.connected(link.server, link.info?.connect_urls ?? []);
    this.current = link;
    this.lastFailure = undefined;
    const type = this.everConnected ? 'reconnect' : 'connect';
    this.everConnected = true;
    if (this.stop.signal.aborted) await link.close();
    else {
      this.emit({ type, server, version: link.info?.version ?? '' });
      this.status.next('connected');
    }
    const reason = await lost;
    this.current = undefined;
    if (this.stop.signal.aborted) return;
    this.emit({ type: 'disconnect', server, ...(reason !== undefined && { reason }) });
    this.status.next('disconnected');
  }

  private emit(event: EventBody): void {
    this.events.next({ ...event, connection: this.role });
  }
}
