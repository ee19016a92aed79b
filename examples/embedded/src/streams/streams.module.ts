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

/** Says who may listen; a token, so that another installation can bind another guard. */
export const STREAM_GUARD = Symbol('StreamGuard');

@Module({ providers: [HubTable], exports: [HubTable] })
class HubTableModule {}

/** The hubs, and everything about them that is the company's own. */
@Module({
  imports: [
    AuthModule,
    MetricsModule.forRoot({}),
    SessionsModule,
    StreamingModule.forRootAsync({
      imports: [HubTableModule],
      inject: [HubTable],
      useFactory: async (table: HubTable) => ({ hubs: await table.all() }),
      // By token and by class: the first says who asks, the second holds the request to it.
      guards: [STREAM_GUARD, NutsAuthGuard],
      interceptors: [StreamAudit],
      // Publisher, registry and `@HubLink` in every module.
      isGlobal: true,
    }),
  ],
  controllers: [StreamsController],
  providers: [{ provide: STREAM_GUARD, useExisting: SessionGuard }, StreamAudit, OrderlyEnd],
})
export class StreamsModule {}
