// An application that knows the libraries only as installed packages: it starts, reads a stream of
// its own hub over HTTP while it publishes, and says so with exit code 0.
import 'reflect-metadata';
import { type CanActivate, type ExecutionContext, Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AuthModule, getRequestedSubscription, NutsAuthGuard, setSubscriber } from '@nuts/auth';
import { HealthModule, type HubHealth } from '@nuts/health';
import { MetricsModule, NUTS_METRICS, type NutsMetrics } from '@nuts/metrics';
import { NatsModule, type NatsOptions } from '@nuts/nats';
import {
  completeHub,
  HubLink,
  HubPublisher,
  HubRegistry,
  type HubOptions,
  StreamingModule,
} from '@nuts/streaming';

const nats: NatsOptions = { servers: [process.env['NATS_URL'] ?? ''] };
const hub: HubOptions = completeHub({
  path: '/events',
  nats,
  stream: 'EVENTS',
  topicPrefix: 'events.',
});

class EverybodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<object>();
    const requested = getRequestedSubscription(request);
    setSubscriber(request, { subject: 'somebody', filters: requested?.topics ?? [] });
    return true;
  }
}

@Controller('orders')
class OrdersController {
  @Get()
  @HubLink('/events')
  list(): string[] {
    return [];
  }
}

const streaming = StreamingModule.forRootAsync({
  useFactory: () => Promise.resolve({ hubs: [hub] }),
  nats: NatsModule.register({}),
  guards: [EverybodyGuard, NutsAuthGuard],
  isGlobal: true,
});

@Module({
  imports: [
    AuthModule,
    MetricsModule.forRoot({}),
    streaming,
    HealthModule.forRootAsync({
      inject: [HubRegistry],
      useFactory: (registry: HubRegistry) => ({ source: { hubs: () => healthOf(registry) } }),
    }),
  ],
  controllers: [OrdersController],
})
class ScratchModule {}

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

async function main(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(ScratchModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  while ((await fetch(`${url}/readyz`)).status !== 200) await pause();
  const metrics: NutsMetrics = app.get(NUTS_METRICS, { strict: false });
  metrics.hub('/events');

  const link = (await fetch(`${url}/orders`)).headers.get('link');
  if (link !== '</events>; rel="nuts"') throw new Error(`the link is ${String(link)}`);
  const answer = await fetch(`${url}/events?topic=a`);
  const publisher = app.get(HubPublisher, { strict: false });
  let body = '';
  for await (const chunk of answer.body ?? []) {
    body += Buffer.from(chunk as Uint8Array).toString();
    if (body.includes('event: connected') && !body.includes('published')) {
      await publisher.publish('/events', 'a', { published: true });
    }
    if (body.includes('{"published":true}')) break;
  }
  const scrape = await (await fetch(`${url}/metrics`)).text();
  if (!/^nuts_messages_delivered_total 1$/m.test(scrape)) throw new Error(scrape);
  await app.close();
  console.log('streamed');
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

await main();
