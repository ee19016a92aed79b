import type { NutsServer } from '../../../src/server/nuts-server.js';
import { signToken } from '../../../libs/auth/src/tokens.fixture.js';
import { EventSourceClient } from '../../support/event-source.js';
import { type NatsServer, startNats } from '../../support/nats/index.js';
import { RawSse } from '../../support/raw-sse.js';
import { until } from '../../support/until.js';
import type { StreamAdmin } from '../nats/stream-admin.js';
import { connectAdmin, SettingsFolder, startHubs } from './hubs-app.js';

const KEYS = { orders: 'o'.repeat(40), raw: 'r'.repeat(40) };

const hubsOf = (here: NatsServer, there: NatsServer): string => `
nats_url: ${here.url}
transient_retry: 1
hubs:
  - path: /orders
    stream_name: ORDERS
    topic_prefix: orders.
    subscriber_jwt_key: ${KEYS.orders}
  - path: /orders-raw
    stream_name: ORDERS
    topic_prefix: orders.
    payload_format: raw
    subscriber_jwt_key: ${KEYS.raw}
  - path: /orders-of-acme
    stream_name: ORDERS
    topic_prefix: orders.acme.
  - path: /chat
    stream_name: CHAT
    topic_prefix: chat.
  - path: /remote
    nats_url: ${there.url}
    reconnect_wait: 0.05
    stream_name: ORDERS
    topic_prefix: orders.
`;

const bearer = (key: string): { headers: Record<string, string> } => ({
  headers: {
    accept: 'text/event-stream',
    authorization: `Bearer ${signToken('HS256', key, { subscribe: ['>'] })}`,
  },
});

describe('several hubs in one process', () => {
  let there: NatsServer;
  let here: StreamAdmin;
  let remote: StreamAdmin;
  let app: NutsServer;
  const publish = async (admin: StreamAdmin, subject: string, data: string): Promise<string> =>
    String((await admin.connection.jetstream().publish(subject, data, { timeout: 1000 })).seq);
  const listen = async (path: string, options = {}): Promise<RawSse> => {
    const stream = await RawSse.open(app.url + path, options);
    await stream.waitForEvents(1);
    return stream;
  };

  beforeAll(async () => {
    const [nats, other] = await Promise.all([startNats(), startNats()]);
    there = other;
    here = await connectAdmin({ servers: nats.url });
    remote = await connectAdmin({
      servers: there.url,
      reconnectTimeWait: 50,
      maxReconnectAttempts: -1,
    });
    await here.createStream({ name: 'ORDERS' });
    await here.createStream({ name: 'CHAT' });
    await remote.createStream({ name: 'ORDERS' });
    app = await startHubs(new SettingsFolder().write('hubs.yaml', hubsOf(nats, there)));
  });

  it('serves different streams, prefixes, formats and NATS servers', async () => {
    const [orders, raw, acme, chat, away] = await Promise.all([
      listen('/orders?topic=acme.new', bearer(KEYS.orders)),
      listen('/orders-raw?topic=acme.new', bearer(KEYS.raw)),
      listen('/orders-of-acme?topic=new'),
      listen('/chat?topic=acme.new'),
      listen('/remote?topic=acme.new'),
    ]);
    await publish(remote, 'orders.filler', '0');
    const ids = [
      await publish(here, 'orders.acme.new', '"here"'),
      await publish(here, 'chat.acme.new', '"hello"'),
      await publish(remote, 'orders.acme.new', '"there"'),
    ];
    for (const stream of [orders, raw, acme, chat, away]) await stream.waitForEvents(2);
    const seen = (stream: RawSse): unknown[] => {
      const { data = '', id } = stream.events[1] ?? {};
      const { topic, payload } = JSON.parse(data) as { topic: string; payload: string };
      return [topic, payload, id];
    };
    expect(seen(orders)).toEqual(['acme.new', 'here', ids[0]]);
    expect(raw.events[1]).toMatchObject({ data: '"here"', id: ids[0] });
    expect(seen(acme)).toEqual(['new', 'here', ids[0]]);
    expect(seen(chat)).toEqual(['acme.new', 'hello', ids[1]]);
    expect(seen(away)).toEqual(['acme.new', 'there', ids[2]]);
    for (const stream of [orders, raw, acme, chat, away]) stream.abort();
  });

  it('reads a stream once for each prefix, however many hubs and clients there are', async () => {
    const clients = await Promise.all(
      Array.from({ length: 10 }, () => listen('/orders?topic=a&topic=b', bearer(KEYS.orders))),
    );
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, i) => listen(`/orders-raw?topic=t${i}`, bearer(KEYS.raw))),
    );
    // `orders.` for two hubs, `orders.acme.` for the third.
    expect(await here.consumers('ORDERS')).toHaveLength(2);
    expect(await here.consumers('CHAT')).toHaveLength(1);
    expect(await remote.consumers('ORDERS')).toHaveLength(1);
    for (const client of [...clients, ...others]) client.abort();
  });

  it('accepts no key of another hub', async () => {
    const answer = await RawSse.open(`${app.url}/orders-raw?topic=a`, bearer(KEYS.orders));
    expect(answer.status).toBe(401);
    expect((await RawSse.open(`${app.url}/orders?topic=a`)).status).toBe(401);
    expect((await RawSse.open(`${app.url}/chat?topic=a`)).status).toBe(200);
  });

  it('isolates the failure of one NATS server to its hubs', async () => {
    const away = new EventSourceClient(`${app.url}/remote?topic=later`);
    const near = new EventSourceClient(`${app.url}/chat?topic=later`);
    await Promise.all([away.connected(), near.connected()]);
    await there.kill();
    const statusOf = async (path: string): Promise<number> => (await fetch(app.url + path)).status;
    await until(async () => (await statusOf('/remote/readyz')) === 503);
    expect(await statusOf('/chat/readyz')).toBe(200);
    const turnedAway = await RawSse.open(`${app.url}/remote?topic=later`);
    await turnedAway.ended();
    expect(turnedAway.body).toContain(': JetStream not available');
    await publish(here, 'chat.later', '"still here"');
    await near.waitFor(1);

    await there.restart();
    await until(() => publish(remote, 'orders.later', '"back"').catch(() => undefined));
    await away.waitFor(1);
    expect(away.data()).toEqual([expect.objectContaining({ payload: 'back' })]);
    // The streams stayed open meanwhile.
    expect([away.opens, near.opens]).toEqual([1, 1]);
    away.close();
    near.close();
  });
});
