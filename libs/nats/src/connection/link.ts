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
import { RefusedOperations } from './refused-operations.js';
import type { ServerAddress } from './server-url.js';

/** A link's callbacks to its owner, all synchronous. */
export interface LinkListener {
  onLameDuck(): void;
  onAsyncError(kind: NatsAsyncErrorKind, message: string): void;
  onServers(added: readonly string[]): void;
  onLost(reason: string | undefined): void;
}

/** How long a server may take to answer the PING of {@link Link.probe}. */
const PROBE_TIMEOUT_MS = 2000;

/** Callbacks of a reader for the end of a link and for refusals. */
interface Watcher {
  onLost(): void;
  onDenied(denial: NatsDenial): void;
}

/**
 * One connection to one server, from its handshake to its end. It never reconnects: its readers learn of
 * the loss immediately and start again on the next link.
 */
export class Link {
  private readonly watchers = new Set<Watcher>();
  private ended = false;
  private probing = false;
  private listener: LinkListener | undefined;
  private readonly refused: RefusedOperations;

  constructor(
    private readonly connection: NatsConnection,
    readonly server: ServerAddress,
    private readonly destroySockets: () => void,
    private readonly inboxPrefix: string | undefined,
  ) {
    this.refused = new RefusedOperations(connection, (text) =>
      this.listener?.onAsyncError('other', text),
    );
  }

  /** Also false while the client has ended and refuses calls but has not reported it yet. */
  get alive(): boolean {
    return !this.ended && !this.connection.isClosed();
  }

  get info(): ServerInfo | undefined {
    return this.connection.info;
  }

  /** A new subject for replies to this client. */
  inbox(): string {
    return createInbox(this.inboxPrefix);
  }

  /** Starts reporting; called once, by the owner. */
  listen(listener: LinkListener): void {
    this.listener = listener;
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
   * @param alias - another name of the subject in refusals: the client recognises only its own, and would
   *   wait for the timeout.
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
      .then(
        (message) => {
          this.refused.answered();
          return message;
        },
        (error: unknown) => {
          if ((error as { code?: string }).code === 'TIMEOUT') this.unanswered();
          throw error;
        },
      );
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

  /**
   * Like {@link publish}, but returns false instead of throwing if the link has ended or the payload is too
   * large.
   */
  offer(subject: string, payload: string | Uint8Array, reply?: string): boolean {
    const most = this.info?.max_payload ?? Infinity;
    if (!this.alive || Buffer.byteLength(payload) > most) return false;
    this.connection.publish(subject, payload, reply === undefined ? undefined : { reply });
    return true;
  }

  /** Starts a service instance, which ends with the link at the latest. */
  addService(config: ServiceConfig): Promise<Service> {
    return this.connection.services.add(config);
  }

  /** Calls back synchronously from the parser while the link is alive. Returns a function that unsubscribes. */
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
   * Sends a PING and drops the link if the server does not answer. On a path that no longer forwards, the
   * socket stays open, and the client's own pings detect it only after three intervals. Called when an
   * answer or a heartbeat is missing.
   */
  probe(timeoutMs = PROBE_TIMEOUT_MS): void {
    if (this.probing || !this.alive) return;
    this.probing = true;
    const leave = setTimeout(() => {
      // A turn of the event loop that was blocked this long has not read pending input yet.
      setImmediate(() => setImmediate(() => this.probing && this.destroySockets()));
    }, timeoutMs);
    const answered = (): void => {
      this.probing = false;
      clearTimeout(leave);
    };
    this.connection.flush().then(answered, answered);
  }

  /** Ends the link, without waiting for an unresponsive server. */
  async close(): Promise<void> {
    if (!this.ended) await this.connection.close();
    this.destroySockets();
  }

  private unanswered(): void {
    if (this.refused.isDeaf) this.destroySockets();
    else this.probe();
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
        // The client would first wait until its socket accepts another write.
        listener.onAsyncError('connection_state', 'stale connection: pings were not answered');
        this.destroySockets();
        return;
      case 'error': {
        const denial = status.permissionContext;
        if (denial !== undefined) for (const w of [...this.watchers]) w.onDenied(denial);
        const about = denial === undefined ? '' : ` (${denial.operation} "${denial.subject}")`;
        const code = status.data as string;
        if (code === 'NATS_PROTOCOL_ERR') this.refused.onError();
        else listener.onAsyncError(asyncErrorKind(code), `${code}${about}`);
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

/** An exception inside the client's parser would silently stop its reading. */
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
