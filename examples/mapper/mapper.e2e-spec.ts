import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { HubRegistry } from '@nuts/streaming';
import { signToken } from '../../libs/auth/src/tokens.fixture.js';
import { StreamAdmin } from '../../test/e2e/nats/stream-admin.js';
import { disposeAtEnd } from '../../test/support/disposal.js';
import { EventSourceClient } from '../../test/support/event-source.js';
import { startNats } from '../../test/support/nats/index.js';
import { RawSse } from '../../test/support/raw-sse.js';
import { until } from '../../test/support/until.js';
import { OrdersModule } from './src/orders.module.js';

const STAFF_KEY = 'a-secret-that-is-long-enough-for-hs256';
const authorization = `Bearer ${signToken('HS256', STAFF_KEY, { subscribe: '>' })}`;

let admin: StreamAdmin;
let url: string;

beforeAll(async () => {
  const nats = await startNats();
  admin = await StreamAdmin.connect({ servers: nats.url });
  disposeAtEnd(() => admin.close());
  await admin.createStream({ name: 'ORDERS', subjects: ['orders.>'] });
  const app = await NestFactory.create<NestExpressApplication>(
    OrdersModule.forRoot({ natsUrl: nats.url, stream: 'ORDERS', staffKey: STAFF_KEY }),
    { logger: false },
  );
  disposeAtEnd(() => {
    app.getHttpServer().closeAllConnections();
    return app.close();
  });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  const registry = app.get(HubRegistry, { strict: false });
  await until(() => registry.hubs().every(({ status }) => status.trouble === undefined));
});

const publish = async (topic: string, payload: unknown): Promise<number> =>
  (await admin.connection.jetstream().publish(`orders.${topic}`, JSON.stringify(payload))).seq;

const customer = (query: string): EventSourceClient =>
  new EventSourceClient(`${url}/orders?${query}`, { types: ['order', 'order-created'] });

/** The text of a stream once it contains the given text. */
async function textWith(path: string, wanted: string): Promise<string> {
  const stream = await RawSse.open(url + path);
  await until(() => stream.body.includes(wanted));
  stream.abort();
  return stream.body;
}

it('hides the staff fields of orders from customers', async () => {
  const shop = customer('topic=created&topic=changed');
  const office = new EventSourceClient(`${url}/staff?topic=created&topic=changed`, {
    headers: { authorization },
  });
  await Promise.all([shop.connected(), office.connected()]);
  await publish('created', { id: 'o-1', status: 'new', margin: 12 });
  await publish('changed', { id: 'o-2', status: 'new', margin: 5, draft: true });
  await publish('changed', { id: 'o-1', status: 'paid', margin: 12 });
  await Promise.all([shop.waitFor(1, 'order'), office.waitFor(3)]);
  expect(shop.data('order-created')).toEqual([
    expect.objectContaining({ topic: 'created', payload: { id: 'o-1', status: 'new' } }),
  ]);
  expect(shop.data('order')).toEqual([
    expect.objectContaining({ topic: 'changed', payload: { id: 'o-1', status: 'paid' } }),
  ]);
  expect(office.data().map((data) => (data as { payload: unknown }).payload)).toEqual([
    { id: 'o-1', status: 'new', margin: 12 },
    { id: 'o-2', status: 'new', margin: 5, draft: true },
    { id: 'o-1', status: 'paid', margin: 12 },
  ]);
  // One consumer for both hubs.
  expect(await admin.consumers('ORDERS')).toHaveLength(1);
  shop.close();
  office.close();
});

it('hides them in every response format', async () => {
  await publish('kept', { id: 'o-3', status: 'new', margin: 7 });
  const seen = '"payload":{"id":"o-3","status":"new"}';
  const page = await fetch(`${url}/orders?topic=kept&start=all`, {
    headers: { accept: 'application/json' },
  });
  const texts = await Promise.all([
    textWith('/orders?topic=kept&last-id=0', seen),
    textWith('/orders?topic=kept&start=all', seen),
    textWith('/orders?topic=kept&start=last', seen),
    page.text(),
  ]);
  for (const text of texts) {
    expect(text).toContain(seen);
    expect(text).not.toContain('margin');
  }
});

it('announces messages that the mapper failed on, and continues', async () => {
  const shop = customer('topic=odd');
  await shop.connected();
  const sequence = await publish('odd', null);
  await publish('odd', { id: 'o-4', status: 'new', margin: 1 });
  await shop.waitFor(1, 'order');
  expect(shop.data('gap')).toEqual([{ topic: 'odd', sequence, reason: 'mapper_error', size: 4 }]);
  shop.close();
});

it('moves the cursor of a resume past dropped messages', async () => {
  const first = await publish('drafts', { id: 'o-5', draft: true });
  await publish('drafts', { id: 'o-6', draft: true });
  const last = await publish('drafts', { id: 'o-7', status: 'new' });
  const shop = customer(`topic=drafts&last-id=${first - 1}`);
  await shop.waitFor(1, 'order');
  expect(shop.of('order').map(({ id }) => id)).toEqual([String(last)]);
  expect(shop.of('gap')).toEqual([]);
  shop.close();
});

it('requires a token for staff', async () => {
  expect((await fetch(`${url}/staff?topic=created`)).status).toBe(401);
});
