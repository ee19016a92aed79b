import { createConnection } from 'node:net';
import { JetStreamNatsClient, type NatsDenial, type NatsMessage, type NatsReply } from '@nuts/nats';
import {
  connect,
  headers as natsHeaders,
  type NatsConnection,
  ServiceErrorCodeHeader,
  ServiceErrorHeader,
} from 'nats';
import { firstValueFrom } from 'rxjs';
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

describe('core NATS with the client', () => {
  let nats: NatsServer;
  beforeAll(async () => {
    nats = await startNats();
  });

  it('delivers to subscribers, answers requests, and stops on unsubscribe', async () => {
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

  it('runs a service on each connection, and stops it on unsubscribe', async () => {
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

  it('drops messages that it cannot send', async () => {
    const client = await clientOf(nats);
    await client.close();
    expect(client.messaging.publish('a.b', 'x')).toBe(false);
  });
});

it('reports the subject that the account refuses', async () => {
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

describe('a request', () => {
  let nats: NatsServer;
  let service: NatsConnection;
  let client: JetStreamNatsClient;
  beforeAll(async () => {
    nats = await startNats({ monitor: true });
    service = await connect({ servers: nats.url });
    disposeAtEnd(() => service.close());
    client = await clientOf(nats);
  });

  /** Number of subscriptions of all clients, from the server's monitoring. */
  async function subscriptions(): Promise<number> {
    await service.flush();
    const answer = await fetch(`${nats.monitor}/subsz`);
    return ((await answer.json()) as { num_subscriptions: number }).num_subscriptions;
  }

  const said = (reply: NatsReply): string => Buffer.from(reply.data).toString();

  it('emits each reply with its headers, and leaves no subscription', async () => {
    service.subscribe('many', {
      callback: (_error, message) => {
        for (const word of ['one', 'two']) {
          const headers = natsHeaders();
          headers.set('Kind', word);
          message.respond(word, { headers });
        }
      },
    });
    const before = await subscriptions();
    const replies: string[] = [];
    const asking = client.messaging.request('many', Buffer.from('x')).subscribe((reply) => {
      replies.push(`${said(reply)} ${reply.header('kind')} ${reply.header('Nats-None')}`);
    });
    await until(() => replies.length === 2);
    expect(replies).toEqual(['one one undefined', 'two two undefined']);
    expect(await subscriptions()).toBe(before + 1);
    asking.unsubscribe();
    await until(async () => (await subscriptions()) === before);
  });

  it('fails at once if there are no responders, and for a message that is too large', async () => {
    const failure = (subject: string, data = Buffer.alloc(1)): Promise<unknown> =>
      firstValueFrom(client.messaging.request(subject, data)).catch((error: unknown) => error);
    const before = await subscriptions();
    expect(await failure('nobody')).toMatchObject({ kind: 'no_responders' });
    expect(await failure('nobody', Buffer.alloc(2_000_000))).toMatchObject({ kind: 'too_large' });
    await until(async () => (await subscriptions()) === before);
  });

  it('treats invalid headers as absent', async () => {
    const socket = createConnection(Number(new URL(nats.url).port), '127.0.0.1');
    disposeAtEnd(() => void socket.destroy());
    socket.write('CONNECT {"verbose":false,"headers":true}\r\nSUB rude 1\r\nPING\r\n');
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      const reply = /MSG rude 1 (\S+) /.exec(text)?.[1];
      const headers = 'NATS/1.0\r\nbad name: x\r\n\r\n';
      if (reply)
        socket.write(`HPUB ${reply} ${headers.length} ${headers.length}\r\n${headers}\r\n`);
    });
    await until(() => received.includes('PONG'));
    const reply = await firstValueFrom(client.messaging.request('rude', Buffer.alloc(0)));
    expect([reply.status, reply.header('bad name'), said(reply)]).toEqual([0, undefined, '']);
  });

  it('distinguishes a lost connection from none', async () => {
    service.subscribe('silent', { callback: () => undefined });
    await service.flush();
    let lost: unknown;
    client.messaging
      .request('silent', Buffer.alloc(0))
      .subscribe({ error: (error: unknown) => (lost = error) });
    await nats.stop();
    await until(() => lost !== undefined);
    expect(lost).toMatchObject({ kind: 'connection_lost' });
    await expect(
      firstValueFrom(client.messaging.request('silent', Buffer.alloc(0))),
    ).rejects.toMatchObject({ kind: 'disconnected' });
  });
});

it.each([
  ['the subject', ['elsewhere'], ['_INBOX.>']],
  ['replies', ['ask'], ['elsewhere']],
])('a request fails at once if the account may not have %s', async (_what, publish, receive) => {
  const nats = await startNats({
    config: `authorization { users: [{ user: u, password: p, permissions: {
      publish: { allow: ${JSON.stringify(publish)} }, subscribe: { allow: ${JSON.stringify(receive)} } } }] }`,
  });
  const client = await clientOf(nats, { user: 'u', password: 'p' });
  await expect(
    firstValueFrom(client.messaging.request('ask', Buffer.alloc(0))),
  ).rejects.toMatchObject({ kind: 'denied' });
});
