import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JetStreamNatsClient, type NatsOptions } from '@nuts/nats';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { startNats, type NatsServer } from '../../support/nats/index.js';
import { until } from '../../support/until.js';
import { StreamAdmin } from './stream-admin.js';

jest.setTimeout(30_000);

/** The lists of docs/nats-permissions.md: the page and the test cannot drift apart. */
const PAGE = readFileSync(join(process.cwd(), 'docs/nats-permissions.md'), 'utf8');

function listed(heading: string): string[] {
  const section = PAGE.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, subject]) => subject ?? '');
}

const PUBLISH = listed('Publish');
const SUBSCRIBE = listed('Subscribe');
const OPTIONAL = '$JS.API.DIRECT.GET.EVENTS';

it('the listed permissions are the same for the stream of a bucket', () => {
  const ofBucket = (subject: string): string =>
    subject.replace('EVENTS', 'KV_flags').replace('events.>', '$KV.flags.>');
  expect(listed('Over a bucket')).toEqual(PUBLISH.map(ofBucket));
});

describe('an account with few permissions', () => {
  const servers: NatsServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

  /** A server whose user `nuts` has limited permissions, and a stream with three messages. */
  async function start(
    publish: readonly string[],
    subscribe: readonly string[],
    domain?: string,
  ): Promise<NatsServer> {
    const list = (subjects: readonly string[]): string => JSON.stringify(subjects);
    const server = await startNats({
      ...(domain !== undefined && { domain }),
      config: `authorization { users: [
        { user: "admin", password: "admin" }
        { user: "nuts", password: "nuts", permissions: {
          publish: { allow: ${list(publish)} }, subscribe: { allow: ${list(subscribe)} } } }
      ] }`,
    });
    servers.push(server);
    const admin = await StreamAdmin.connect({ servers: server.url, user: 'admin', pass: 'admin' });
    await admin.createStream({ name: 'EVENTS', allow_direct: true });
    await admin.fill(3, (i) => `events.${i}`);
    await admin.close();
    return server;
  }

  /** Everything that the service requests from NATS. */
  async function everything(server: NatsServer, more: Partial<NatsOptions> = {}): Promise<void> {
    const client = new JetStreamNatsClient({
      servers: [server.url],
      user: 'nuts',
      password: 'nuts',
      requestTimeoutMs: 1000,
      ...more,
    });
    try {
      await client.ready;
      await client.streamFacts('EVENTS');
      expect(await client.messageAt('EVENTS', 2)).toMatchObject({ sequence: 2 });
      expect(await client.messageAt('EVENTS', 9)).toBeUndefined();
      expect(await client.nextMessage('EVENTS', 2, 'events.>')).toMatchObject({ sequence: 2 });
      expect(await client.lastMessage('EVENTS', 'events.1')).toMatchObject({ sequence: 2 });
      for (const filters of [[], ['events.>'], ['events.0', 'events.1', 'events.2']]) {
        const options = { stream: 'EVENTS', start: { sequence: 1 }, filters };
        const reading = client.follow({ ...options, idleHeartbeatMs: 300 }).pipe(take(3));
        expect(await lastValueFrom(reading.pipe(toArray()))).toHaveLength(3);
        const reader = await client.openPull(options);
        expect((await reader.pull(3, 10_000)).messages).toHaveLength(3);
        await reader.close();
      }
      expect((await client.streamFacts('EVENTS')).consumers).toBe(0);
    } finally {
      await client.close();
    }
  }

  it('is documented on a page that lists them', () => {
    expect(PUBLISH.length).toBeGreaterThan(4);
    expect(SUBSCRIBE).toEqual(['_INBOX.>']);
  });

  it('can do everything with exactly the listed permissions', async () => {
    await everything(await start(PUBLISH, SUBSCRIBE));
  });

  it('can do everything with an inbox prefix and its own domain', async () => {
    const server = await start(PUBLISH, ['_NUTS.>'], 'hub');
    await everything(server, { inboxPrefix: '_NUTS', jetStreamDomain: 'hub' });
  });

  it('needs no DIRECT.GET, which only reduces the load of the leader', async () => {
    await everything(
      await start(
        PUBLISH.filter((s) => s !== OPTIONAL),
        SUBSCRIBE,
      ),
    );
  });

  it('tries DIRECT.GET once per connection if it is not permitted', async () => {
    const server = await start(
      PUBLISH.filter((s) => s !== OPTIONAL),
      SUBSCRIBE,
    );
    const options = { servers: [server.url], user: 'nuts', password: 'nuts', reconnectWaitMs: 50 };
    const client = new JetStreamNatsClient(options);
    let [refusals, losses] = [0, 0];
    client.events$.subscribe((event) => {
      if (event.type === 'async_error' && event.message.includes('DIRECT.GET')) refusals++;
      if (event.type === 'disconnect') losses++;
    });
    const lookUp = async (): Promise<void> => {
      expect(await client.messageAt('EVENTS', 2)).toMatchObject({ sequence: 2 });
      expect(await client.nextMessage('EVENTS', 3, 'events.>')).toMatchObject({ sequence: 3 });
    };
    await client.ready;
    await client.streamFacts('EVENTS');
    await lookUp();
    await until(() => refusals === 1);
    await lookUp();
    expect(refusals).toBe(1);
    await server.restart();
    await until(() => losses === 1 && client.status === 'connected');
    await until(() => lookUp().then(() => true), { what: 'the stream to be there again' });
    await until(() => refusals === 2);
    await lookUp();
    expect(refusals).toBe(2);
    await client.close();
  });

  it.each(PUBLISH.filter((subject) => subject !== OPTIONAL))(
    'cannot work without %s',
    async (one) => {
      const server = await start(
        PUBLISH.filter((subject) => subject !== one),
        SUBSCRIBE,
      );
      await expect(everything(server)).rejects.toThrow();
    },
  );

  it.each([undefined, 'hub'])(
    'reports at once which one is missing (domain %s)',
    async (domain) => {
      const [info = ''] = PUBLISH.filter((subject) => subject.includes('STREAM.INFO'));
      const server = await start([info, '$JS.API.CONSUMER.CREATE.EVENTS.*'], SUBSCRIBE, domain);
      const jetStreamDomain = domain === undefined ? {} : { jetStreamDomain: domain };
      const options = { ...jetStreamDomain, servers: [server.url], user: 'nuts', password: 'nuts' };
      const client = new JetStreamNatsClient(options);
      await client.ready;
      const read = { stream: 'EVENTS', start: { sequence: 1 }, filters: [] };
      const refused = (subject: string): object => ({
        kind: 'refused',
        message: expect.stringContaining(subject) as string,
      });
      await expect(client.lastMessage('EVENTS', 'events.1')).rejects.toMatchObject(
        refused('STREAM.MSG.GET'),
      );
      await expect(
        firstValueFrom(client.follow({ ...read, idleHeartbeatMs: 5000 })),
      ).rejects.toMatchObject(refused('CONSUMER.MSG.NEXT'));
      const reader = await client.openPull(read);
      await expect(reader.pull(1, 1000)).rejects.toMatchObject(refused('CONSUMER.MSG.NEXT'));
      await reader.close();
      await client.close();
    },
  );

  it('publishes with exactly the permissions listed for that, and reports at once that they are missing', async () => {
    const needed = listed('With `publish`');
    expect(needed).toEqual(['events.>']);
    const publish = async (subjects: readonly string[]): Promise<unknown> => {
      const { url } = await start([...PUBLISH, ...subjects], SUBSCRIBE);
      const client = new JetStreamNatsClient({ servers: [url], user: 'nuts', password: 'nuts' });
      await client.ready;
      const options = { stream: 'EVENTS', messageId: 'a', lastSequence: 0 };
      return client.publish('events.new', Buffer.from('1'), options).finally(() => client.close());
    };
    expect(await publish(needed)).toEqual({ sequence: 4, duplicate: false });
    const began = performance.now();
    await expect(publish([])).rejects.toMatchObject({ name: 'NatsPublishError', kind: 'denied' });
    // Not after the acknowledgment timeout of 5 s.
    expect(performance.now() - began).toBeLessThan(4_500);
  });

  it('sends requests to services with exactly the permissions listed for them', async () => {
    const listedFor = (direction: string): string[] => {
      const section = PAGE.split('## With `services`\n')[1]?.split('\n## ')[0] ?? '';
      const rows = section.matchAll(/^\| `([^`]+)` +\| (publish|subscribe) +\|/gm);
      return [...rows].flatMap(([, subject = '', way]) => (way === direction ? [subject] : []));
    };
    const [publish, subscribe] = [listedFor('publish'), listedFor('subscribe')];
    expect([publish, subscribe]).toEqual([['services.>'], ['_INBOX.>']]);
    const server = await start(publish, subscribe);
    const admin = await StreamAdmin.connect({ servers: server.url, user: 'admin', pass: 'admin' });
    admin.connection.subscribe('services.a', { callback: (_e, message) => message.respond('1') });
    await admin.connection.flush();
    const client = new JetStreamNatsClient({
      servers: [server.url],
      user: 'nuts',
      password: 'nuts',
    });
    await client.ready;
    const reply = await firstValueFrom(client.messaging.request('services.a', Buffer.alloc(0)));
    expect(Buffer.from(reply.data).toString()).toBe('1');
    await client.close();
    await admin.close();
  });

  it('reports that replies may not be received', async () => {
    const server = await start(PUBLISH, ['elsewhere.>']);
    const options = { servers: [server.url], user: 'nuts', password: 'nuts' };
    const client = new JetStreamNatsClient({ ...options, requestTimeoutMs: 1000 });
    await client.ready;
    await expect(client.streamFacts('EVENTS')).rejects.toMatchObject({ kind: 'refused' });
    await client.close();
  });
});
