import { firstValueFrom, of, ReplaySubject, timeout, type Observable } from 'rxjs';
import type { NatsEvent } from '../nats-event.interface.js';
import type { NatsOptions } from '../nats-options.interface.js';
import type { Link } from './link.js';
import { SupervisedConnection } from './supervised-connection.js';

/**
 * The second connection, opened on first use and kept. Replays use it, so that live messages do not wait
 * behind history. An account may refuse it because of a connection limit: {@link link} is then undefined,
 * and replays use the main connection until an attempt succeeds.
 */
export class ReplayConnection {
  private readonly connection: SupervisedConnection;
  /** Emits after the first attempt. */
  private readonly tried = new ReplaySubject<void>(1);

  constructor(options: NatsOptions, name: string) {
    // Retries without limit: only the main connection decides when to give up.
    this.connection = new SupervisedConnection({ ...options, maxReconnects: -1 }, 'replay', name);
    this.connection.events$.subscribe({
      next: () => this.tried.next(),
      complete: () => this.tried.next(),
    });
  }

  get events$(): Observable<NatsEvent> {
    return this.connection.events$;
  }

  /** The link, after the first attempt; undefined while there is none. */
  async link(timeoutMs: number): Promise<Link | undefined> {
    await firstValueFrom(this.tried.pipe(timeout({ first: timeoutMs, with: () => of(undefined) })));
    return this.connection.link;
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
