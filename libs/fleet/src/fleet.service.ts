import { hostname } from 'node:os';
import { pid } from 'node:process';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HubRegistry, type Presence } from '@nuts/streaming';
import { Subscription } from 'rxjs';
import { FleetBus } from './bus/fleet-bus.service.js';
import { Closing } from './closing/closing.service.js';
import type { FleetClosing } from './closing/tally.js';
import { Membership } from './members/membership.service.js';
import { FleetPresenceSource } from './presence/fleet.presence-source.js';

/** Version of the protocol between processes: a different major version is a different service. */
const PROTOCOL_VERSION = '1.0.0';

/** All processes with the same hubs, as one service (contract §14). Inject it to query or notify all of them. */
@Injectable()
export class Fleet implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly running = new Subscription();

  constructor(
    private readonly bus: FleetBus,
    private readonly members: Membership,
    private readonly closing: Closing,
    private readonly presence: FleetPresenceSource,
    private readonly registry: HubRegistry,
  ) {}

  /** This process's ID in the fleet, as in `nats micro info` and in lifecycle messages. */
  get process(): string {
    return this.bus.process;
  }

  /** Number of processes, including this one. A process that stops responding is counted for another 30 s. */
  get processes(): number {
    return this.members.others().length + 1;
  }

  /**
   * Ends the streams of one client on all hubs of all processes. Streams of this process end immediately,
   * even without NATS. Never rejects.
   *
   * @param subject the token's `sub`, or the subject that your own guard set
   * @returns the number of ended streams, from all processes that answered within 300 ms
   */
  closeStreamsOf(subject: string): Promise<FleetClosing> {
    return this.closing.closeEverywhere(subject);
  }

  /**
   * The subscribers of these topics, from all processes that answer within 300 ms. Never rejects.
   *
   * @param hub the hub's name; in the service, its path
   * @param topics without the hub's prefix, wildcards allowed
   */
  presenceOf(hub: string, topics: readonly string[]): Promise<Presence> {
    return this.presence.presenceOf(hub, topics);
  }

  onApplicationBootstrap(): void {
    const { name } = this.bus.options;
    this.running.add(
      this.bus.messaging
        .serve({
          name: 'nuts',
          version: PROTOCOL_VERSION,
          description: 'NATS JetStream to Server-Sent Events',
          metadata: { fleet: name, process: this.process, host: hostname(), pid: String(pid) },
          endpoints: [this.closing.endpoint, this.presence.endpoint],
          stats: () => ({ processes: this.processes, streams: this.streams }),
        })
        .subscribe(),
    );
  }

  beforeApplicationShutdown(): void {
    this.running.unsubscribe();
  }

  private get streams(): number {
    return this.registry.hubs().reduce((sum, { status }) => sum + status.connections, 0);
  }
}
