import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule, NutsAuthGuard } from '@nuts/auth';
import { completeHub, StreamingModule } from '@nuts/streaming';
import { DIRECTORY_URL, TenantDirectory } from './tenant-directory.service.js';
import { TenantGuard } from './tenant.guard.js';

/** Settings of an installation. */
export interface CustomGuardSettings {
  readonly natsUrl: string;
  readonly stream: string;
  /** Base URL of the company's directory service. */
  readonly directoryUrl: string;
}

/** One hub whose access is decided by the company's directory service instead of tokens. */
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
        // In this order: the first guard identifies the client, the second enforces its permissions.
        StreamingModule.forRoot({ hubs: [hub], guards: [TenantGuard, NutsAuthGuard] }),
      ],
      providers: [TenantGuard, TenantDirectory, { provide: DIRECTORY_URL, useValue: directoryUrl }],
    };
  }
}
