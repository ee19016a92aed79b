import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { FleetClosing } from '@nuts/fleet';
import type { Presence } from '@nuts/streaming';
import { StreamAdmin } from '../../test/e2e/nats/stream-admin.js';
import { disposeAtEnd } from '../../test/support/disposal.js';
import { EventSourceClient } from '../../test/support/event-source.js';
import { startNats } from '../../test/support/nats/index.js';
import { until } from '../../test/support/until.js';
import { RoomsModule } from './src/rooms.module.js';

interface Message {
  readonly payload: { readonly came?: string; readonly went?: string };
}

let urls: string[];
const url = (index: number): string => urls[index] ?? '';

async function startApp(natsUrl: string): Promise<string> {
  const app = await NestFactory.create<NestExpressApplication>(
    RoomsModule.forRoot({ natsUrl, stream: 'ROOMS' }),
    { logger: false },
  );
  disposeAtEnd(() => {
    app.getHttpServer().closeAllConnections();
    return app.close();
  });
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

beforeAll(async () => {
  const nats = await startNats();
  const admin = await StreamAdmin.connect({ servers: nats.url });
  disposeAtEnd(() => admin.close());
  await admin.createStream({ name: 'ROOMS', subjects: ['rooms.>'] });
  urls = await Promise.all([startApp(nats.url), startApp(nats.url)]);
  await until(async () => (await whoIsThere(0)).processes === 2);
});

const as = (name: string): { headers: { cookie: string } } => ({
  headers: { cookie: `name=${name}` },
});

async function whoIsThere(index: number): Promise<Presence> {
  return (await (
    await fetch(`${url(index)}/rooms/presence?topic=lobby`, as('watcher'))
  ).json()) as Presence;
}

const names = async (index: number): Promise<string[]> =>
  (await whoIsThere(index)).topics['lobby']?.clients.map(({ subject }) => subject) ?? [];

async function enter(index: number, name: string): Promise<EventSourceClient> {
  const client = new EventSourceClient(`${url(index)}/rooms?topic=lobby`, as(name));
  await client.connected();
  return client;
}

const heard = (client: EventSourceClient): Message['payload'][] =>
  client.data<Message>().map(({ payload }) => payload);

it('shows everyone in the room, and who enters and leaves', async () => {
  const ann = await enter(0, 'ann');
  const bob = await enter(1, 'bob');
  await until(() => heard(ann).some(({ came }) => came === 'bob'));
  for (const index of [0, 1]) expect(await names(index)).toEqual(['ann', 'bob']);
  bob.close();
  await until(() => heard(ann).some(({ went }) => went === 'bob'));
  for (const index of [0, 1]) expect(await names(index)).toEqual(['ann']);
  ann.close();
  await until(async () => (await names(1)).length === 0);
});

it('disconnects a user in every process', async () => {
  const clients = [await enter(0, 'eve'), await enter(1, 'eve')];
  const answer = await fetch(`${url(0)}/members/eve`, { method: 'DELETE' });
  expect((await answer.json()) as FleetClosing).toEqual({ closed: 2, processes: 2, answered: 2 });
  // The name is still accepted, so the user reconnects. With tokens, the next token would decide.
  await Promise.all(clients.map((client) => client.connected(2)));
  for (const client of clients) client.close();
});

it('serves its page, and nothing to clients without a name', async () => {
  const page = await fetch(url(0));
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('new EventSource(`/rooms?topic=${room}`)');
  expect((await fetch(`${url(0)}/rooms/presence?topic=lobby`)).status).toBe(401);
});
