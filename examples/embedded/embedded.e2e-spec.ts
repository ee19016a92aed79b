import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { disposeAtEnd } from '../../test/support/disposal.js';
import { EventSourceClient } from '../../test/support/event-source.js';
import { startNats } from '../../test/support/nats/index.js';
import { RawSse } from '../../test/support/raw-sse.js';
import { until } from '../../test/support/until.js';
import { StreamAdmin } from '../../test/e2e/nats/stream-admin.js';
import { EmbeddedModule } from './src/embedded.module.js';
import { StreamAudit } from './src/streams/stream-audit.interceptor.js';

interface OrderList {
  readonly orders: { readonly item: string }[];
  readonly lastEventId: number;
}

describe('an application with embedded hubs', () => {
  let admin: StreamAdmin;
  let app: NestExpressApplication;
  let url: string;

  /** The browser of one user: its cookie is sent with every request. */
  class Browser {
    private constructor(private readonly cookie: string) {}

    static async login(user: string): Promise<Browser> {
      const answer = await fetch(`${url}/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user, password: `p-${user}` }),
      });
      expect(answer.status).toBe(201);
      return new Browser(answer.headers.get('set-cookie')?.split(';')[0] ?? '');
    }

    ask(method: string, path: string, body?: object): Promise<Response> {
      return fetch(url + path, {
        method,
        headers: { cookie: this.cookie, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    }

    async orders(): Promise<OrderList> {
      return (await (await this.ask('GET', '/orders')).json()) as OrderList;
    }

    async openRaw(pathAndQuery: string): Promise<RawSse> {
      const stream = await RawSse.open(url + pathAndQuery, { headers: { cookie: this.cookie } });
      await stream.waitForEvents(1);
      return stream;
    }

    listen(pathAndQuery: string): EventSourceClient {
      return new EventSourceClient(url + pathAndQuery, { headers: { cookie: this.cookie } });
    }
  }

  beforeAll(async () => {
    const nats = await startNats();
    admin = await StreamAdmin.connect({ servers: nats.url });
    disposeAtEnd(() => admin.close());
    await admin.createStream({ name: 'COMPANY', subjects: ['users.>', 'news.>'] });
    const users = { ann: 'p-ann', bob: 'p-bob' };
    app = await NestFactory.create<NestExpressApplication>(
      EmbeddedModule.forRoot({ natsUrl: nats.url, users }),
      { logger: false },
    );
    disposeAtEnd(() => {
      app.getHttpServer().closeAllConnections();
      return app.close();
    });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    await until(async () => (await hubs()).every(({ works }) => works));
  });

  const hubs = async (): Promise<{ path: string; works: boolean; connections: number }[]> =>
    (await (await fetch(`${url}/admin/hubs`)).json()) as Awaited<ReturnType<typeof hubs>>;

  it('returns the hub for orders and the event ID to start from', async () => {
    const ann = await Browser.login('ann');
    await ann.ask('POST', '/orders', { item: 'tea' });
    const answer = await ann.ask('GET', '/orders');
    expect(answer.headers.get('link')).toBe('</events>; rel="nuts"');
    const { orders, lastEventId } = (await answer.json()) as OrderList;
    expect(orders.map(({ item }) => item)).toEqual(['tea']);
    // Orders between the response and the stream are neither missed nor duplicated.
    await ann.ask('POST', '/orders', { item: 'milk' });
    const stream = ann.listen(`/events?topic=ann.orders.created&last-id=${lastEventId}`);
    await stream.waitFor(1);
    await ann.ask('POST', '/orders', { item: 'sugar' });
    await stream.waitFor(2);
    expect(stream.data()).toEqual([
      expect.objectContaining({ payload: expect.objectContaining({ item: 'milk' }) as unknown }),
      expect.objectContaining({ payload: expect.objectContaining({ item: 'sugar' }) as unknown }),
    ]);
    expect(stream.ids.at(-1)).toBe(String((await ann.orders()).lastEventId));
    stream.close();
  });

  it('lets every user subscribe to their own topics and to the news', async () => {
    const bob = await Browser.login('bob');
    const statusOf = async (path: string): Promise<number> => (await bob.ask('GET', path)).status;
    expect(await statusOf('/events?topic=ann.orders.created')).toBe(403);
    expect((await fetch(`${url}/events?topic=bob.orders.created`)).status).toBe(401);
    expect((await fetch(`${url}/orders`)).status).toBe(401);
    const news = bob.listen('/news?topic=today');
    await news.connected();
    await admin.connection.jetstream().publish('news.today', '"cake at four"');
    await news.waitFor(1);
    // Two hubs with two prefixes on one stream share one connection to NATS.
    expect(await admin.consumers('COMPANY')).toHaveLength(2);
    news.close();
  });

  it('ends the streams of a session that logs out, and only those', async () => {
    const [desk, phone, bob] = [
      await Browser.login('ann'),
      await Browser.login('ann'),
      await Browser.login('bob'),
    ];
    const streams = [desk, phone].map((browser) => browser.listen('/events?topic=ann.mail'));
    const others = bob.listen('/events?topic=bob.mail');
    await Promise.all([...streams, others].map((stream) => stream.connected()));
    const [ofDesk, ofPhone] = streams;
    const answer = await desk.ask('DELETE', '/sessions');
    expect(await answer.json()).toEqual({ closedStreams: 2 });
    await until(() => ofDesk?.closed);
    expect(ofDesk?.errors).toEqual([undefined, 401]);
    await ofPhone?.connected(2);
    await admin.connection.jetstream().publish('users.ann.mail', '"still here"');
    await ofPhone?.waitFor(1);
    expect(others.opens).toBe(1);
    expect((await desk.ask('GET', '/orders')).status).toBe(401);
    for (const stream of [...streams, others]) stream.close();
  });

  it('lists the hubs and records subscriptions', async () => {
    await until(async () => (await hubs()).every(({ connections }) => connections === 0));
    const ann = await Browser.login('ann');
    const stream = ann.listen('/events?topic=ann.audit');
    await stream.connected();
    expect((await hubs()).map(({ path, connections }) => [path, connections])).toEqual([
      ['/events', 1],
      ['/news', 0],
    ]);
    stream.close();
    const audit = app.get(StreamAudit, { strict: false });
    const entry = await until(() => audit.entries.find(({ topics }) => topics[0] === 'ann.audit'));
    expect(entry).toMatchObject({ user: 'ann', hub: '/events' });
    await until(() => entry.endedAt);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^nuts_messages_delivered_total \d+$/m);
  });

  it('ends its streams gradually when it closes', async () => {
    const ann = await Browser.login('ann');
    const streams = await Promise.all(
      Array.from({ length: 5 }, () => ann.openRaw('/events?topic=ann.mail')),
    );
    await app.close();
    for (const stream of streams) {
      expect(await stream.ended()).toBe('end');
      expect(stream.body).toMatch(/\n\n: server shutting down\nretry: \d+\n\n$/);
    }
  });
});
