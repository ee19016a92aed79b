import { type DynamicModule, Module } from '@nestjs/common';
import { CLIENT_COUNTS, PRESENCE_SOURCE } from '@nuts/streaming';
import { FleetBus } from './bus/fleet-bus.service.js';
import { FleetSubjects } from './bus/fleet-subjects.js';
import { Closing } from './closing/closing.service.js';
import { ConfigurableFleetModule, type FLEET_OPTIONS_TYPE } from './fleet.module-definition.js';
import { Fleet } from './fleet.service.js';
import { LifecyclePublisher } from './lifecycle/lifecycle.publisher.js';
import { FleetClientCounts } from './members/fleet.client-counts.js';
import { Membership } from './members/membership.service.js';
import { FleetPresenceSource } from './presence/fleet.presence-source.js';

/**
 * Connects all processes with the same name into one service: `FleetModule.forRoot({ name: 'shop', imports:
 * [streaming] })`, next to the application's `StreamingModule`. Exports {@link Fleet}.
 */
@Module({
  providers: [
    Closing,
    Fleet,
    FleetBus,
    FleetClientCounts,
    FleetPresenceSource,
    LifecyclePublisher,
    Membership,
    { provide: CLIENT_COUNTS, useExisting: FleetClientCounts },
    { provide: PRESENCE_SOURCE, useExisting: FleetPresenceSource },
  ],
  exports: [CLIENT_COUNTS, Fleet, PRESENCE_SOURCE],
})
export class FleetModule extends ConfigurableFleetModule {
  /** @throws FleetOptionsError for a name or subject that is not valid in NATS */
  static override forRoot(options: typeof FLEET_OPTIONS_TYPE): DynamicModule {
    // Validates before anything connects; with `forRootAsync`, the bus does.
    new FleetSubjects(options);
    return super.forRoot(options);
  }
}
