import { randomBytes } from 'node:crypto';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import {
  NatsClients,
  type NatsClient,
  type NatsMessage,
  type NatsMessaging,
  type NatsStatus,
} from '@nuts/nats';
import { HubRegistry } from '@nuts/streaming';
import { distinct, filter, type Observable, Subscription } from 'rxjs';
import { FLEET_OPTIONS, FleetOptionsError, type FleetOptions } from '../fleet.options.js';
import { FleetSubjects } from './fleet-subjects.js';

/** This process's ID in its fleet, and its messaging with the others over core NATS. */
@Injectable()
export class FleetBus implements OnApplicationBootstrap, OnApplicationShutdown {
  /** New at each start. */
  readonly process = randomBytes(9).toString('base64url');
  readonly subjects: FleetSubjects;
  readonly messaging: NatsMessaging;
  private readonly client: NatsClient;
  private readonly logger = new Logger('Fleet');
  private readonly running = new Subscription();

  constructor(
    @Inject(FLEET_OPTIONS) readonly options: FleetOptions,
    clients: NatsClients,
    registry: HubRegistry,
  ) {
    this.subjects = new FleetSubjects(options);
    const nats = options.nats ?? registry.hubs()[0]?.options.nats;
    if (nats === undefined) {
      throw new FleetOptionsError(
        'fleet: there is no hub whose NATS connection could be used: set `nats`.',
      );
    }
    this.client = clients.get(nats);
    const { messaging } = this.client;
    if (messaging === undefined) {
      throw new FleetOptionsError(
        'fleet: the NATS client from `createClient` has no `messaging`: implement it, or remove FleetModule.',
      );
    }
    this.messaging = messaging;
  }

  get isConnected(): boolean {
    return this.client.status === 'connected';
  }

  /** See `NatsClient.status$`. */
  get status$(): Observable<NatsStatus> {
    return this.client.status$;
  }

  /** Emits at every connection, including the current one. */
  get connected$(): Observable<unknown> {
    return this.client.status$.pipe(filter((status) => status === 'connected'));
  }

  /** Returns false if the message could not be sent: there is no connection, or it is too large. */
  send(subject: string, message: object, reply?: string): boolean {
    return this.messaging.publish(subject, JSON.stringify(message), reply);
  }

  /** Messages to this process; `what` is one token, or `*`. */
  mine(what: string): Observable<NatsMessage> {
    return this.messaging.messages(this.subjects.to(this.process, what));
  }

  onApplicationBootstrap(): void {
    const { base } = this.subjects;
    this.running.add(
      this.messaging.denied$
        .pipe(
          filter(({ subject }) => this.subjects.includes(subject)),
          distinct(({ operation, subject }) => `${operation} ${subject}`),
        )
        .subscribe(({ operation, subject }) => {
          this.logger.error(
            `NATS refuses the ${operation} "${subject}" that fleet needs: allow this account to publish and subscribe ${base}.> and to subscribe $SRV.>, or unset fleet.`,
          );
        }),
    );
  }

  onApplicationShutdown(): void {
    this.running.unsubscribe();
  }
}
