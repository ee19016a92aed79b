import {
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type ServerInfo,
  type Service,
  type ServiceConfig,
  type Status,
} from 'nats';
import type { NatsDenial } from '../messaging/nats-messaging.interface.js';
import type { NatsAsyncErrorKind } from '../nats-event.interface.js';
import type { ServerAddress } from './server-url.js';

/** What a link tells its owner; all callbacks are synchronous. */
export interface LinkListener {
  onLameDuck(): void;
  onAsyncError(kind: NatsAsyncErrorKind, message: string): void;
  onServers(added: readonly string[]): void;
  onLost(reason: string | undefined): void;
}

/** How long a server may take to answer the PING of {@link Link.probe}. */
const PROBE_TIMEOUT_MS = 2000;

/** A reader's view of the end of a link, and of refusals that concern it. */
interface Watcher {
  onLost(): void;
  onDenied(denial: NatsDenial): void;
}

/**
 * One connection to one server, from its handshake to its end. It never comes back: who reads over
 * it learns of its loss at once and begins again on the next one.
 */
export class Link {
  private readonly watchers = new Set<Watcher>();
  private ended = false;
  private probing = false;

  constructor(
    private readonly connection: NatsConnection,
    readonly server: ServerAddress,
    private readonly destroySockets: () => void,
    private readonly inboxPrefix: string | undefined,
  ) {}

  /** False also in the moment in which the client has ended and refuses calls, but has not told so. */
  get alive(): boolean {
    return !this.ended && !this.connection.isClosed();
  }

  get info(): ServerInfo | undefined {
    return this.connection.info;
  }

  /** A fresh subject for replies to us alone. */
  inbox(): string {
    return createInbox(this.inboxPrefix);
  }

  /** Begins to report; called once, by the owner. */
  listen(listener: LinkListener): void {
    void this.readStatus(listener);
    void this.connection.closed().then((error) => {
      this.ended = true;
      this.destroySockets();
      for (const watcher of [...this.watchers]) watcher.onLost();
      this.watchers.clear();
      const reason = error?.message;
      if (reason !== undefined) listener.onAsyncError(asyncErrorKind(reason), reason);
      listener.onLost(reason);
    });
  }

  /** Reports the link's end and refusals until the returned function is called. */
  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /**
   * @param alias - another name of the subject in refusals: the client recognises only its own, and
   * would let the request time out.
   */
  async request(
    subject: string,
    payload: string | Uint8Array,
    timeout: number,
    more: { readonly headers?: MsgHdrs; readonly alias?: string } = {},
  ): Promise<Msg> {
    const { headers, alias } = more;
    const answer = this.connection
      .request(subject, payload, { timeout, ...(headers && { headers }) })
      .catch((error: unknown) => {
        if ((error as { code?: string }).code === 'TIMEOUT') this.probe();
        throw error;
      });
    if (alias === undefined) return answer;
    let release: (() => void) | undefined;
    const refusal = new Promise<never>((_resolve, reject) => {
      const onDenied = (denied: NatsDenial): void => {
        if (denied.subject === alias) reject(permissionError(denied));
      };
      release = this.watch({ onLost: () => undefined, onDenied });
    });
    return Promise.race([answer, refusal]).finally(release);
  }

  publish(subject: string, payload: string, reply: string): void {
    this.connection.publish(subject, payload, { reply });
  }

  /** As {@link publish}, without an exception: false when the link has ended or the payload is too large. */
  offer(subject: string, payload: string | Uint8Array, reply?: string): boolean {
    const most = this.info?.max_payload ?? Infinity;
    if (!this.alive || Buffer.byteLength(payload) > most) return false;
    this.connection.publish(subject, payload, reply === undefined ? undefined : { reply });
    return true;
  }

  /** Starts an instance of a service, which lasts no longer than the link. */
  addService(config: ServiceConfig): Promise<Service> {
    return this.connection.services.add(config);
  }

  /** Calls back synchronously from the parser, while alive. Returns the function that ends it. */
  subscribe(subject: string, callback: (message: Msg) => void): () => void {
    if (!this.alive) return () => undefined;
    const subscription = this.connection.subscribe(subject, {
      callback: (error, message) => {
        // Errors here are refusals of the subscription; `watch` reports them with their subject.
        if (error === null) guarded(() => callback(message));
      },
    });
    return () => {
      if (!subscription.isClosed()) subscription.unsubscribe();
    };
  }

  /**
   * Asks the server for a sign of life, and leaves a link that gives none: a path that no longer forwards keeps
   * its socket open, and the client's own pings tell only after three intervals. To be called when an answer
   * or a heartbeat is missing.
   */
  probe(timeoutMs = PROBE_TIMEOUT_MS): void {
    if (this.probing || !this.alive) return;
    this.probing = true;
    const leave = setTimeout(() => {
      // A turn of the loop that was held up for so long has not yet read what came meanwhile.
      setImmediate(() => setImmediate(() => this.probing && this.destroySockets()));
    }, timeoutMs);
    const answered = (): void => {
      this.probing = false;
      clearTimeout(leave);
    };
    this.connection.flush().then(answered, answered);
  }

  /** Ends the link. A server that does not answer cannot hold it up. */
  async close(): Promise<void> {
    if (!this.ended) await this.connection.close();
    this.destroySockets();
  }

  private async readStatus(listener: LinkListener): Promise<void> {
    for await (const status of this.connection.status()) this.onStatus(status, listener);
  }

  private onStatus(status: Status, listener: LinkListener): void {
    switch (String(status.type)) {
      case 'ldm':
        listener.onLameDuck();
        return;
      case 'update':
        listener.onServers((status.data as { added?: string[] }).added ?? []);
        return;
      case 'staleConnection':
        // The client would first wait for its socket to take another write.
        listener.onAsyncError('connection_state', 'stale connection: pings were not answered');
        this.destroySockets();
        return;
      case 'error': {
        const denial = status.permissionContext;
        if (denial !== undefined) for (const w of [...this.watchers]) w.onDenied(denial);
        const about = denial === undefined ? '' : ` (${denial.operation} "${denial.subject}")`;
        const code = status.data as string;
        // The text of other errors comes with the end of the connection, which follows them.
        if (code === 'NATS_PROTOCOL_ERR') return;
        listener.onAsyncError(asyncErrorKind(code), `${code}${about}`);
        return;
      }
      default:
    }
  }
}

function permissionError({ operation, subject }: NatsDenial): Error {
  const error = new Error(`Permissions Violation for ${operation} to "${subject}"`);
  return Object.assign(error, { code: 'PERMISSIONS_VIOLATION' });
}

/** An exception inside the client's parser would end its reading without a sign. */
function guarded(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function asyncErrorKind(code: string): NatsAsyncErrorKind {
  if (/slow/i.test(code)) return 'slow_consumer';
  if (/timeout/i.test(code)) return 'timeout';
  return /permission/i.test(code) ? 'other' : 'connection_state';
}
