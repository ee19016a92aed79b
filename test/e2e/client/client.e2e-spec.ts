import { connect, type Hub, type Message } from '@nuts/client';
import { signToken } from '../../../libs/auth/src/tokens.fixture.js';
import type { NutsServer } from '../../../src/server/nuts-server.js';
import { type ContractStream, startApp, startStream } from '../../contract/contract-app.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';

const SECRET = 'a secret of at least thirty-two bytes';

let stream: ContractStream;
let app: NutsServer;
let network: TcpProxy;
let hub: Hub;
beforeAll(async () => {
  stream = await startStream();
  app = await startApp(stream, {
    SUBSCRIBER_JWT_KEY: SECRET,
    PUBLISH: 'true',
    SSE_RETRY: '20',
    SERVICES_PATH: '/services',
    SERVICES_SUBJECT_PREFIX: 'services.',
  });
  network = await TcpProxy.start(Number(new URL(app.url).port));
});
afterEach(() => hub.close());

/** A hub, or the services, with all permissions. */
function open(path = '/events', lifetimeSeconds = 60): Hub {
  const token = (): string => {
    const exp = Math.floor(Date.now() / 1000) + lifetimeSeconds;
    return signToken('HS256', SECRET, {
      subscribe: '>',
      publish: '>',
      request: '>',
      exp,
      jti: Math.random(),
    });
  };
  return (hub = connect(network.url() + path, { token }));
}

const isOpen = (): Promise<boolean> => until(() => hub.state.name === 'open');

describe('the client with a real hub', () => {
  it('receives every message once and in order while topics change and connections are cut', async () => {
    open();
    const seen: number[] = [];
    hub.subscribe<number>('steady').on('message', ({ payload }) => seen.push(payload));
    await isOpen();
    let sent = 0;
    let publishing = true;
    const publisher = (async () => {
      while (publishing) await stream.publish('steady', String((sent += 1)));
    })();
    for (let round = 0; round < 8; round += 1) {
      const other = hub.subscribe(`other-${round}`);
      const before = seen.length;
      await until(() => seen.length > before + 20);
      if (round % 2 === 0) network.dropConnections();
      other.close();
    }
    publishing = false;
    await publisher;
    await until(() => seen.length >= sent);
    expect(seen).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
  });

  it('continues without a pause when its token expires', async () => {
    open('/events', 3);
    const states: string[] = [];
    hub.on('state', ({ name }) => states.push(name));
    const seen: Message[] = [];
    hub.subscribe('renewed').on('message', (message) => seen.push(message));
    await isOpen();
    const begin = Date.now();
    let sent = 0;
    while (Date.now() - begin < 5_000) {
      await stream.publish('renewed', String((sent += 1)));
      await until(() => seen.length === sent);
    }
    expect(states).not.toContain('waiting');
    expect(seen.map(({ payload }) => payload)).toEqual(
      Array.from({ length: sent }, (_, i) => i + 1),
    );
  });

  it('publishes once with a key, and with a condition', async () => {
    open();
    const loop = hub.subscribe('written')[Symbol.asyncIterator]();
    await isOpen();
    const first = await hub.publish('written', { n: 1 }, { idempotencyKey: 'one' });
    const again = await hub.publish('written', { n: 1 }, { idempotencyKey: 'one' });
    expect(again).toEqual({ ...first, duplicate: true });
    const second = await hub.publish('written', 'text', { ifMatch: first.id });
    await expect(hub.publish('written', 3, { ifMatch: first.id })).rejects.toMatchObject({
      kind: 'refused',
      status: 412,
    });
    expect((await loop.next()).value).toMatchObject({ payload: { n: 1 }, id: first.id });
    expect((await loop.next()).value).toMatchObject({ payload: 'text', id: second.id });
  });

  it('sends a request to a service, and receives its replies as they arrive', async () => {
    stream.connection.subscribe('services.reports.monthly', {
      callback: (_, message) => {
        const { year } = message.json<{ year: number }>();
        for (const page of [1, 2, 3]) message.respond(JSON.stringify({ year, page }));
        message.respond('');
      },
    });
    const replies: unknown[] = [];
    for await (const { id, payload } of open('/services').ask('reports.monthly', { year: 2026 })) {
      replies.push([id, payload]);
    }
    expect(replies).toEqual([1, 2, 3].map((page) => [String(page), { year: 2026, page }]));
    await expect(hub.ask('nobody').next()).rejects.toMatchObject({ kind: 'refused', status: 503 });
  });
});
