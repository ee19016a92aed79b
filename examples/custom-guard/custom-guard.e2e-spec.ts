import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { connect, type NatsConnection, StringCodec } from 'nats';
import { EventSourceClient } from '../../test/support/event-source.js';
import { startNats } from '../../test/support/nats/index.js';
import { RawSse } from '../../test/support/raw-sse.js';
import { until } from '../../test/support/until.js';
import { type Directory, startDirectory } from './directory.fixture.js';
import { CustomGuardModule } from './src/custom-guard.module.js';

describe('an application with its own guard', () => {
  let nats: NatsConnection;
  let directory: Directory;
  let app: INestApplication;
  let url: string;

  const as = (session: string): { headers: { cookie: string } } => ({
    headers: { cookie: `theme=dark; session=${session}` },
  });
  const listen = (session: string, topic: string): EventSourceClient =>
    new EventSourceClient(`${url}?topic=${topic}`, as(session));
  const publish = (topic: string, data: string): Promise<unknown> =>
    nats.jetstream().publish(`events.${topic}`, StringCodec().encode(data));
  const ask = async (topic: string, session?: string) => {
    const response = await fetch(`${url}?topic=${topic}`, session === undefined ? {} : as(session));
    const { message } = (await response.json()) as { message: string };
    return { status: response.status, message, retryAfter: response.headers.get('retry-after') };
  };

  beforeAll(async () => {
    const server = await startNats();
    nats = await connect({ servers: server.url });
    const manager = await nats.jetstreamManager();
    await manager.streams.add({ name: 'EVENTS', subjects: ['events.>'] });
    directory = await startDirectory();
    directory.sessions
      .set('ann', { user: 'ann', tenant: 'acme', suspended: false })
      .set('bob', { user: 'bob', tenant: 'umbrella', suspended: false })
      .set('sue', { user: 'sue', tenant: 'acme', suspended: true })
      .set('eve', { user: 'eve', tenant: '>', suspended: false });
    const settings = { natsUrl: server.url, stream: 'EVENTS', directoryUrl: directory.url };
    app = await NestFactory.create(CustomGuardModule.forRoot(settings), { logger: false });
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    url = `http://127.0.0.1:${port}/events`;
    // The EventSource retries until the hub has connected to NATS.
    const first = listen('ann', 'acme.ready');
    await first.connected();
    first.close();
  });
  afterEach(() => (directory.trouble = undefined));
  afterAll(async () => {
    await app?.close();
    await nats?.close();
  });

  it('streams the topics of a tenant to its members', async () => {
    const ann = listen('ann', 'acme.orders');
    const bob = listen('bob', 'umbrella.orders');
    await Promise.all([ann.connected(), bob.connected()]);
    await publish('umbrella.orders', '"for bob"');
    await publish('acme.orders', '"for ann"');
    await Promise.all([ann.waitFor(1), bob.waitFor(1)]);
    expect(ann.data()).toEqual([expect.objectContaining({ payload: 'for ann' })]);
    expect(bob.data()).toEqual([expect.objectContaining({ payload: 'for bob' })]);
    ann.close();
    bob.close();
  });

  it('refuses the topics of another tenant with its own message', async () => {
    const refused = { status: 403, message: 'umbrella.orders is not yours' };
    expect(await ask('umbrella.orders', 'ann')).toMatchObject(refused);
    expect(await ask('acme.orders&topic=umbrella.orders', 'ann')).toMatchObject(refused);
    expect(await ask('acmeorders', 'ann')).toMatchObject({ status: 403 });
    expect(await ask('acme', 'ann')).toMatchObject({ status: 403 });
  });

  it.each([
    ['no session', undefined],
    ['an unknown session', 'mallory'],
    ['a session that reaches for another address', '../sessions/ann'],
  ])('asks a client with %s to log in', async (_name, session) => {
    expect(await ask('acme.orders', session)).toMatchObject({
      status: 401,
      message: 'Please log in',
    });
  });

  it('can refuse with any status', async () => {
    expect(await ask('acme.orders', 'sue')).toMatchObject({ status: 402 });
  });

  it.each<[string, NonNullable<Directory['trouble']>]>([
    ['fails', (response) => response.writeHead(500).end()],
    ['breaks off', (response) => response.destroy()],
    ['answers nonsense', (response) => response.end('null')],
    ['sends elsewhere', (response) => response.writeHead(302, { Location: '/x' }).end()],
    ['does not answer', () => undefined],
  ])('refuses everyone while the directory %s', async (_name, trouble) => {
    directory.trouble = trouble;
    const answer = await ask('acme.orders', 'ann');
    expect(answer).toMatchObject({ status: 503, message: 'Please try again later' });
    expect(Number(answer.retryAfter)).toBeGreaterThan(0);
  });

  it('does not accept a wildcard as a tenant', async () => {
    expect(await ask('acme.orders', 'eve')).toMatchObject({ status: 503 });
  });

  it('makes an EventSource reconnect once the directory is available again', async () => {
    directory.trouble = (response) => response.writeHead(500).end();
    const raw = await RawSse.open(`${url}?topic=acme.late`, {
      headers: { ...as('ann').headers, accept: 'text/event-stream' },
    });
    await until(() => raw.over === 'end');
    expect(raw.status).toBe(200);
    expect(raw.body).toMatch(/^: Please try again later\nretry: \d+\n\n$/);

    const ann = listen('ann', 'acme.late');
    await until(() => ann.errors.length > 0);
    directory.trouble = undefined;
    await ann.connected();
    await publish('acme.late', '"at last"');
    await ann.waitFor(1);
    ann.close();
  });
});
