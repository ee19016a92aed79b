import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { BehaviorSubject, Subject, type Observable } from 'rxjs';
import type { NatsStatus } from '../nats-client.interface.js';
import type { NatsConnectionRole, NatsEvent } from '../nats-event.interface.js';
import { NatsConnectError, type NatsConnectErrorKind } from '../nats.errors.js';
import type { NatsOptions } from '../nats-options.interface.js';
import { dial, type DialTarget } from './dial.js';
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
  /** Links to servers in lame duck mode, until these end them. */
  private readonly retired = new Set<Link>();
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
    const { current, retired } = this;
    await Promise.all([...retired, ...(current ? [current] : [])].map((link) => link.close()));
    await this.done;
  }

  private async run(): Promise<void> {
    try {
      const servers = new ServerList(this.options);
      let link = await this.connectOnce(servers);
      while (link !== undefined) {
        this.settle.resolve();
        link = (await this.hold(link, servers)) ?? (await this.reconnect(servers));
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

  private async reconnect(servers: ServerList): Promise<Link | undefined> {
    return this.options.maxReconnects === 0 ? undefined : this.connectOnce(servers);
  }

  /** Tries the servers until one accepts; undefined if the attempts are used up. */
  private async connectOnce(servers: ServerList): Promise<Link | undefined> {
    const { signal } = this.stop;
    const max = this.options.maxReconnects ?? -1;
    for (let round = 1; !signal.aborted; round++) {
      let fatal: NatsConnectError | undefined;
      for (const target of servers.round()) {
        if (signal.aborted) return undefined;
        const outcome = await this.attempt(target);
        if (!(outcome instanceof Error)) return outcome;
        if (outcome.fatal) fatal ??= outcome;
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

  /** Uses a link until it ends. Resolves earlier with the link that replaces it. */
  private async hold(link: Link, servers: ServerList): Promise<Link | undefined> {
    const server = showServer(link.server);
    let announce: (() => void) | undefined;
    const announced = new Promise<void>((resolve) => (announce = resolve));
    const lost = new Promise<string | undefined>((onLost) =>
      link.listen({
        onLameDuck: () => {
          this.emit({ type: 'lame_duck', server });
          announce?.();
        },
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
    const replaced = announced.then(() => this.replace(link, servers));
    const successor = await Promise.race([lost.then(() => undefined), replaced]);
    if (successor !== undefined && !this.stop.signal.aborted) {
      this.retire(link, lost);
      return successor;
    }
    // It may still be connecting.
    void replaced.then((late) => late?.close());
    const reason = await lost;
    this.current = undefined;
    if (this.stop.signal.aborted) return undefined;
    this.emit({ type: 'disconnect', server, ...(reason !== undefined && { reason }) });
    this.status.next('disconnected');
    return undefined;
  }

  /**
   * Connects to another server while this one, which is about to shut down, still works: requests on their
   * way get their answers. Resolves with undefined when the link has ended.
   */
  private async replace(link: Link, servers: ServerList): Promise<Link | undefined> {
    const { signal } = this.stop;
    if (this.options.maxReconnects === 0) return undefined;
    while (link.alive && !signal.aborted) {
      for (const target of servers.round()) {
        const other = await this.attempt(target);
        if (!(other instanceof Error)) {
          const isOther = other.info?.server_id !== link.info?.server_id;
          if (isOther && link.alive && !signal.aborted) return other;
          await other.close();
        }
      }
      await this.pause();
    }
    return undefined;
  }

  private retire(link: Link, lost: Promise<unknown>): void {
    this.retired.add(link);
    void lost.then(() => this.retired.delete(link));
  }

  private async attempt(target: Omit<DialTarget, 'name'>): Promise<Link | NatsConnectError> {
    try {
      return await dial({ ...target, name: this.name }, this.options, this.stop.signal);
    } catch (error) {
      const failure = error as NatsConnectError;
      this.emit({ type: 'attempt_failed', error: failure });
      return failure;
    }
  }

  private emit(event: EventBody): void {
    this.events.next({ ...event, connection: this.role });
  }
}
