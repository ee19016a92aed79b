import { connect as dial, StringCodec, type ConnectionOptions, type NatsConnection } from 'nats';
import { until } from '../until.js';
import { startNats, startNatsCluster, type NatsServer } from './index.js';

const text = StringCodec();

/** The client keeps the timer of a refused connection; its default of 20 s would delay jest. */
const connect = (options: ConnectionOptions): Promise<NatsConnection> =>
  dial({ timeout: 500, ...options });

async function storedMessages(connection: NatsConnection): Promise<number> {
  const manager = await connection.jetstreamManager();
  return (await manager.streams.info('EVENTS')).state.messages;
}

async function createStream(connection: NatsConnection): Promise<void> {
  const manager = await connection.jetstreamManager();
  await manager.streams.add({ name: 'EVENTS', subjects: ['events.>'] });
  await connection.jetstream().publish('events.a', text.encode('1'));
}

describe('startNats', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats({ name: 'alone', monitor: true });
  });

  it('reports its version, address and monitoring port', async () => {
    expect(server.version).toMatch(/^\d+\.\d+\.\d+/);
    const connection = await connect({ servers: server.url });
    expect(connection.info).toMatchObject({ server_name: 'alone', version: server.version });
    await connection.close();
    const answer = await fetch(`${server.monitor}/varz`);
    expect(await answer.json()).toMatchObject({ server_name: 'alone', port: server.port });
  });

  it('keeps port and store when it is killed and restarted', async () => {
    const { url } = server;
    const before = await connect({ servers: url, reconnect: false });
    await createStream(before);
    const closed = before.closed();
    await server.kill();
    await closed;
    await server.restart();
    expect(server.url).toBe(url);
    const after = await connect({ servers: url });
    expect(await storedMessages(after)).toBe(1);
    await after.close();
  });

  it('stops answering while it is frozen', async () => {
    const connection = await connect({ servers: server.url });
    await server.freeze();
    await expect(connection.request('$JS.API.INFO', undefined, { timeout: 200 })).rejects.toThrow(
      /TIMEOUT/,
    );
    await server.thaw();
    await until(() => connection.request('$JS.API.INFO'));
    await connection.close();
  });

  it('supports accounts and files, and reloads its configuration', async () => {
    const guarded = await startNats({
      files: { 'users.conf': 'users: [{ user: a, password: b }]' },
      config: 'authorization { include users.conf }',
    });
    await expect(connect({ servers: guarded.url })).rejects.toThrow(/Authorization/i);
    await (await connect({ servers: guarded.url, user: 'a', pass: 'b' })).close();
    await guarded.reload('authorization { users: [{ user: c, password: d }] }');

    await (await connect({ servers: guarded.url, user: 'c', pass: 'd' })).close();
    await guarded.stop();
  });

  it('rejects when the server does not start', async () => {
    await expect(startNats({ config: 'port: "no port"' })).rejects.toThrow(
      /no port|exited|ready|ports/,
    );
  });
});

describe('startNatsCluster', () => {
  it('stores with three replicas, and survives the loss of one member', async () => {
    const cluster = await startNatsCluster();
    const connection = await connect({ servers: cluster.url.split(',') });
    const manager = await connection.jetstreamManager();
    await manager.streams.add({ name: 'EVENTS', subjects: ['events.>'], num_replicas: 3 });
    await cluster.servers[0]?.kill();
    const survivors = cluster.servers.slice(1).map(({ url }) => url);
    const second = await connect({ servers: survivors });
    await until(() => second.jetstream().publish('events.a', text.encode('1')));
    await cluster.servers[0]?.restart();
    await Promise.all([connection.close(), second.close()]);
    await cluster.stop();
  }, 60_000);
});
