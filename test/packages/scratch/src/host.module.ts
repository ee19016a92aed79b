import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Module,
  Query,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthModule, getRequestedSubscription, NutsAuthGuard, setSubscriber } from '@nuts/auth';
import { ConsoleModule } from '@nuts/console';
import { HealthModule, type HubHealth } from '@nuts/health';
import { MetricsModule } from '@nuts/metrics';
import { NatsModule, type NatsOptions } from '@nuts/nats';
import { PublishingModule } from '@nuts/publishing';
import {
  completeHub,
  HubLink,
  HubRegistry,
  type HubOptions,
  StreamingModule,
} from '@nuts/streaming';
import { LoggerModule } from 'nestjs-pino';
import { CompanyGuard } from './global.enhancers.js';

const nats: NatsOptions = { servers: [process.env['NATS_URL'] ?? ''] };

/** Two hubs over one stream. */
const hubs: HubOptions[] = ['events', 'news'].map((name) =>
  completeHub({
    path: `/${name}`,
    nats,
    stream: 'EVENTS',
    topicPrefix: `events.${name}.`,
    ...(name === 'news' && { publish: { rate: 100 } }),
  }),
);

/** Allows all requested topics except secrets. */
class EverybodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<object>();
    const topics = getRequestedSubscription(request)?.topics ?? [];
    const filters = topics.filter((topic) => !topic.startsWith('secret'));
    setSubscriber(request, { subject: 'somebody', filters, publish: filters });
    return true;
  }
}

@Controller({ path: 'orders', version: '1' })
class OrdersController {
  @Get()
  @HubLink('/events')
  list(@Query('of') of: string): string[] {
    return [of];
  }
}

@Module({
  imports: [
    LoggerModule.forRoot({ pinoHttp: { level: 'info' } }),
    AuthModule,
    MetricsModule.forRoot({}),
    StreamingModule.forRootAsync({
      useFactory: () => Promise.resolve({ hubs }),
      nats: NatsModule.register({}),
      guards: [EverybodyGuard, NutsAuthGuard],
      isGlobal: true,
    }),
    PublishingModule.forRoot({}),
    ConsoleModule.forRoot({ path: '/staff/console' }),
    HealthModule.forRootAsync({
      inject: [HubRegistry],
      useFactory: (registry: HubRegistry) => ({ source: { hubs: () => healthOf(registry) } }),
    }),
  ],
  controllers: [OrdersController],
  providers: [{ provide: APP_GUARD, useClass: CompanyGuard }],
})
export class HostModule {}

function healthOf(registry: HubRegistry): HubHealth[] {
  return registry.hubs().map(({ options, status }) => ({
    name: options.name,
    path: options.path,
    probes: options.probes,
    nats: status.nats,
    wasReady: status.wasReady,
    ready: status.trouble === undefined,
    ...(status.stream && { stream: status.stream }),
    ...(status.trouble && { cause: status.trouble }),
  }));
}
