import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule, NutsAuthGuard } from '@nuts/auth';
import { completeHub, StreamingModule } from '@nuts/streaming';
import { DIRECTORY_URL, TenantDirectory } from './tenant-directory.service.js';
import { TenantGuard } from './tenant.guard.js';

/** What differs from one installation to the next. */
export interface CustomGuardSettings {
  readonly natsUrl: string;
  readonly stream: string;
  /** Base address of the company's directory. */
  readonly directoryUrl: string;
}

/** One hub, guarded by the company's directory in the place of tokens. */
@Module({})
export class CustomGuardModule {
  static forRoot({ natsUrl, stream, directoryUrl }: CustomGuardSettings): DynamicModule {
    const hub = completeHub({
      path: '/events',
      nats: { servers: [natsUrl] },
      stream,
      topicPrefix: 'events.',
      maxConnectionsPerClient: 10,
      transientRetryMs: 1_000,
    });
    return {
      module: CustomGuardModule,
      imports: [
        AuthModule,
        // In this order: the first says who asks, the second holds the request to it.
        StreamingModule.forRoot({ hubs: [hub], guards: [TenantGuard, NutsAuthGuard] }),
      ],
      providers: [TenantGuard, TenantDirectory, { provide: DIRECTORY_URL, useValue: directoryUrl }],
    };
  }
}
