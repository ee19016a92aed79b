import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule, NutsAuthGuard } from '@nuts/auth';
import { FleetModule } from '@nuts/fleet';
import { completeHub, StreamingModule } from '@nuts/streaming';
import { Door } from './door.service.js';
import { NameGuard } from './name.guard.js';
import { RoomsController } from './rooms.controller.js';

/** Settings of an installation. */
export interface RoomsSettings {
  readonly natsUrl: string;
  readonly stream: string;
}

/** Rooms whose users see each other, whatever process they are connected to. */
@Module({})
export class RoomsModule {
  static forRoot({ natsUrl, stream }: RoomsSettings): DynamicModule {
    const streaming = StreamingModule.forRoot({
      hubs: [
        completeHub({
          path: '/rooms',
          nats: { servers: [natsUrl] },
          stream,
          topicPrefix: 'rooms.',
          presence: true,
          // Tabs of one user, in all processes.
          maxConnectionsPerClient: 5,
          transientRetryMs: 1_000,
        }),
      ],
      guards: [NameGuard, NutsAuthGuard],
    });
    return {
      module: RoomsModule,
      imports: [
        AuthModule,
        streaming,
        FleetModule.forRoot({ name: 'rooms', imports: [streaming] }),
      ],
      controllers: [RoomsController],
      providers: [Door, NameGuard],
    };
  }
}
