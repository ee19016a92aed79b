import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { mergeMap, ReplaySubject, type Observable } from 'rxjs';
import { JetStreamNatsClient } from './jetstream-nats.client.js';
import type { NatsClient } from './nats-client.interface.js';
import type { NatsEvent } from './nats-event.interface.js';
import type { NatsOptions } from './nats-options.interface.js';
import { NATS_MODULE_OPTIONS, type NatsModuleOptions } from './nats.module-definition.js';

/** The NATS clients of one application; hubs with equal options share a client. */
@Injectable()
export class NatsClients implements OnApplicationShutdown {
  /** The events of all clients, including later ones; for logs and metrics. */
  readonly events$: Observable<NatsEvent>;
  private readonly clients = new Map<string, NatsClient>();
  private readonly made = new ReplaySubject<NatsClient>();

  constructor(@Inject(NATS_MODULE_OPTIONS) private readonly options: NatsModuleOptions) {
    this.events$ = this.made.pipe(mergeMap((client) => client.events$));
  }

  /** The client for these options, created on first use. It connects automatically; see its `ready`. */
  get(options: NatsOptions): NatsClient {
    const key = identityOf(options);
    let client = this.clients.get(key);
    if (client === undefined) {
      client = this.options.createClient?.(options) ?? new JetStreamNatsClient(options);
      this.clients.set(key, client);
      this.made.next(client);
    }
    return client;
  }

  /** All clients created so far. */
  all(): readonly NatsClient[] {
    return [...this.clients.values()];
  }

  async onApplicationShutdown(): Promise<void> {
    this.made.complete();
    await Promise.all(this.all().map((client) => client.close()));
  }
}

/** Equal options give equal keys, independent of the order of their fields and servers. */
function identityOf(options: NatsOptions): string {
  const ordered = { ...options, servers: [...options.servers].sort() };
  return JSON.stringify(ordered, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
