import { JetStreamNatsClient, type NatsDenial, type NatsMessage } from '@nuts/nats';
import { connect, ServiceErrorCodeHeader, ServiceErrorHeader } from 'nats';
import { disposeAtEnd } from '../../support/disposal.js';
import { type NatsServer, startNats } from '../../support/nats/index.js';
import { until } from '../../support/until.js';

async function clientOf(
  nats: NatsServer,
  login: { user?: string; password?: string } = {},
): Promise<JetStreamNatsClient> {
  const client = new JetStreamNatsClient({ servers: [nats.url], reconnectWaitMs: 50, ...login });
  disposeAtEnd(() => client.close());
  await client.ready;
  return client;
}

const echo = {
  name: 'echo',
  version: '1.0.0',
  description: 'says it again',
  metadata: { place: 'here' },
  stats: () => ({ said: 7 }),
};

describe('core NATS behind the client', () => {
  let nats: NatsServer;
  beforeAll(async () => {
    nats = await startNats();
  });

  it('delivers to subscribers, answers requests, and stops with the subscription', async () => {
    const [one, two] = [await clientOf(nats), await clientOf(nats)];
    const got: string[] = [];
    const subscription = one.messaging.messages('a.*').subscribe((message) => {
      got.push(`${message.subject} ${Buffer.from(message.data).toString()}`);
      message.respond(`${message.subject}!`);
    });
    const answers: NatsMessage[] = [];
    two.messaging.messages('answers').subscribe((message) => answers.push(message));
    await until(() => {
      two.messaging.publish('a.b', 'x', 'answers');
      return answers.length > 0;
    });
    expect(got[0]).toBe('a.b x');
    expect(Buffer.from(answers[0]?.data ?? []).toString()).toBe('a.b!');
    expect(answers[0]?.respond('nobody waits')).toBe(false);
    subscription.unsubscribe();
    const before = got.length;
    two.messaging.publish('a.b', 'y', 'answers');
    two.messaging.publish('answers', 'last');
    await until(() => answers.some(({ data }) => Buffer.from(data).toString() === 'last'));
    expect(got.length).toBe(before);
  });

  it('runs a service on each connection, and takes it down with the subscription', async () => {
    const client = await clientOf(nats);
    const ids: string[] = [];
    const service = client.messaging
      .serve({
        ...echo,
        endpoints: [
          {
            name: 'say',
            subject: 'echo.say',
            handle: (request) => {
              if (request.data.length === 0) request.fail(400, 'Expected something to say');
              else request.respond(request.data);
            },
          },
        ],
      })
      .subscribe((id) => ids.push(id));
    await until(() => ids.length === 1);
    await nats.restart();
    await until(() => ids.length === 2);
    expect(ids[0]).not.toBe(ids[1]);
    const other = await connect({ servers: nats.url });
    disposeAtEnd(() => other.close());
    const said = await until(() => other.request('echo.say', 'hello').catch(() => undefined));
    expect(said.string()).toBe('hello');
    const { headers } = await other.request('echo.say');
    expect(headers?.get(ServiceErrorCodeHeader)).toBe('400');
    expect(headers?.get(ServiceErrorHeader)).toBe('Expected something to say');
    const found = [];
    for await (const stats of await other.services.client().stats('echo')) found.push(stats);
    expect(found).toEqual([
      expect.objectContaining({
        id: ids[1],
        metadata: { place: 'here' },
        endpoints: [
          expect.objectContaining({ subject: 'echo.say', num_requests: 2, data: { said: 7 } }),
        ],
      }),
    ]);
    service.unsubscribe();
    await until(() =>
      other.request('echo.say', 'x').then(
        () => false,
        (error: { code?: string }) => error.code === '503',
      ),
    );
  });

  it('drops what it cannot send', async () => {
    const client = await clientOf(nats);
    await client.close();
    expect(client.messaging.publish('a.b', 'x')).toBe(false);
  });
});

it('tells which subject the account refuses', async () => {
  const nats = await startNats({
    config: `authorization { users: [{ user: u, password: p, permissions: {
      publish: { allow: ["allowed"] }, subscribe: { allow: ["_INBOX.>"] } } }] }`,
  });
  const client = await clientOf(nats, { user: 'u', password: 'p' });
  const denied: NatsDenial[] = [];
  client.messaging.denied$.subscribe((denial) => denied.push(denial));
  client.messaging.messages('a.b').subscribe();
  client.messaging.serve({ ...echo, endpoints: [] }).subscribe();
  client.messaging.publish('c.d', 'x');
  await until(() => denied.length >= 3);
  expect(denied).toEqual(
    expect.arrayContaining([
      { operation: 'subscription', subject: 'a.b' },
      { operation: 'publish', subject: 'c.d' },
      { operation: 'subscription', subject: '$SRV.PING' },
    ]),
  );
  expect(client.status).toBe('connected');
});
