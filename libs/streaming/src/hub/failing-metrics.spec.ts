import { Logger } from '@nestjs/common';
import { NoopMetrics, type HubMetrics } from '@nuts/metrics';
import type { NatsClients } from '@nuts/nats';
import { EMPTY } from 'rxjs';
import { MemoryStream } from '../log/memory-stream.fixture.js';
import { settle } from '../session/feed.fixture.js';
import { hubOptions } from '../sse/edge.fixture.js';
import { HubMappers } from '../mapping/hub-mappers.service.js';
import { HubRegistry } from './hub-registry.service.js';

/** Throws from every method. */
class FailingMetrics extends NoopMetrics {
  override hub(): HubMetrics {
    return new Proxy(
      { ...super.hub() },
      {
        get: () => () => {
          throw new Error('the disk is full');
        },
      },
    );
  }
}

it('continues to serve and releases places if the application’s metrics fail', async () => {
  Logger.overrideLogger(false);
  const stream = new MemoryStream();
  const clients = { get: () => stream, all: () => [stream], events$: EMPTY };
  const hubs = [hubOptions({ topicPrefix: '', maxConnections: 1 })];
  const registry = new HubRegistry(
    { hubs },
    clients as unknown as NatsClients,
    new HubMappers({ hubs }, undefined as never),
    new FailingMetrics(),
  );
  const [hub] = registry.hubs();
  registry.onApplicationBootstrap();
  const refused = hub?.open({
    subscription: { hub: hub.options, topics: ['a'] },
    clientAddress: '127.0.0.1',
    response: undefined as never,
    signal: AbortSignal.abort(),
    declined: () => undefined,
  });
  await expect(refused).rejects.toMatchObject({ kind: 'jetstream_unavailable' });
  for (let i = 0; i < 9; i++) stream.store('a');
  await settle();
  expect([hub?.status.connections, hub?.status.trouble]).toEqual([0, undefined]);
  registry.beforeApplicationShutdown();
});
