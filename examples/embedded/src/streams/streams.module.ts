import { Module } from '@nestjs/common';
import { AuthModule, NutsAuthGuard } from '@nuts/auth';
import { MetricsModule } from '@nuts/metrics';
import { StreamingModule } from '@nuts/streaming';
import { SessionGuard } from '../sessions/session.guard.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { HubTable } from './hub-table.service.js';
import { OrderlyEnd } from './orderly-end.service.js';
import { StreamAudit } from './stream-audit.interceptor.js';
import { StreamsController } from './streams.controller.js';

/** Injection token of the guard, so that another installation can bind another one. */
export const STREAM_GUARD = Symbol('StreamGuard');

@Module({ providers: [HubTable], exports: [HubTable] })
class HubTableModule {}

/** The hubs, with the application's own guard and interceptor. */
@Module({
  imports: [
    AuthModule,
    MetricsModule.forRoot({}),
    SessionsModule,
    StreamingModule.forRootAsync({
      imports: [HubTableModule],
      inject: [HubTable],
      useFactory: async (table: HubTable) => ({ hubs: await table.all() }),
      // By token and by class: the first guard identifies the user, the second enforces the permissions.
      guards: [STREAM_GUARD, NutsAuthGuard],
      interceptors: [StreamAudit],
      // Makes the publisher, the registry and `@HubLink` available in every module.
      isGlobal: true,
    }),
  ],
  controllers: [StreamsController],
  providers: [{ provide: STREAM_GUARD, useExisting: SessionGuard }, StreamAudit, OrderlyEnd],
})
export class StreamsModule {}
