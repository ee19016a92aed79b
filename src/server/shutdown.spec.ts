import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  get,
  type IncomingMessage,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Drain, type HubDirectory, type StreamHub } from '@nuts/streaming';
import { NEVER } from 'rxjs';
import { shutDown } from './shutdown.js';

/** A server with one connection whose response never ends and is never read. */
async function startWithOpenAnswer(): Promise<{ server: Server; client: ClientRequest }> {
  const server = createServer((_request, response) => {
    response.write('x'.repeat(1_000_000));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  client.on('error', () => undefined);
  const [answer] = (await once(client, 'response')) as [IncomingMessage];
  answer.on('error', () => undefined);
  return { server, client };
}

function directory(drain: (windowMs: number) => Promise<void>, delayMs = 0): HubDirectory {
  const options = { drainDelayMs: delayMs, drainWindowMs: 100 } as StreamHub['options'];
  const closed = (): Promise<never> => Promise.reject(new Error('closed'));
  const hub: StreamHub = { options, drain, open: closed, page: closed };
  return { hubs: () => [hub], byPath: () => undefined, failure$: NEVER };
}

async function timed(work: Promise<void>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

it('ends in time even if neither hubs, connections nor modules do', async () => {
  const { server, client } = await startWithOpenAnswer();
  const never = new Promise<void>(() => undefined);
  const closed = once(server, 'close');
  const took = await timed(
    shutDown({
      drain: new Drain(),
      hubs: directory(() => never),
      servers: [server],
      closeApplication: () => never,
    }),
  );
  expect(took).toBeGreaterThanOrEqual(100);
  expect(took).toBeLessThan(5_000);
  await closed;
  expect(server.listening).toBe(false);
  client.destroy();
});

it('drains at once, waits for the delay, then ends streams, servers and modules in this order', async () => {
  const order: string[] = [];
  const drain = new Drain();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.once('close', () => order.push('server'));
  drain.draining$.subscribe((draining) => order.push(`draining ${draining}`));
  const took = await timed(
    shutDown({
      drain,
      hubs: directory((windowMs) => Promise.resolve(void order.push(`hub ${windowMs}`)), 50),
      servers: [server],
      closeApplication: () => Promise.resolve(void order.push('modules')),
    }),
  );
  expect(order).toEqual(['draining false', 'draining true', 'hub 100', 'server', 'modules']);
  expect(took).toBeGreaterThanOrEqual(49);
  // Without the grace period for parts that do not end.
  expect(took).toBeLessThan(1_400);
});

it('continues if parts fail', async () => {
  await shutDown({
    drain: new Drain(),
    hubs: directory(() => Promise.reject(new Error('no'))),
    servers: [createServer()],
    closeApplication: () => Promise.reject(new Error('no')),
  });
});
