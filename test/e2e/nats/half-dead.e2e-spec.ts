import { JetStreamNatsClient, type NatsEvent } from '@nuts/nats';
import { startNats, type NatsServer } from '../../support/nats/index.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';
import { TestAuthority } from './certificates.js';
import { StreamAdmin } from './stream-admin.js';

jest.setTimeout(20_000);

describe('half-open connections', () => {
  const running: { stop(): Promise<void> }[] = [];
  let clients: JetStreamNatsClient[] = [];

  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    clients = [];
    for (const it of running.splice(0).reverse()) await it.stop();
  });

  const start = async (options: Parameters<typeof startNats>[0]): Promise<NatsServer> => {
    const server = await startNats(options);
    running.push(server);
    return server;
  };

  const fill = async (server: NatsServer, count: number): Promise<StreamAdmin> => {
    const admin = await StreamAdmin.connect({ servers: server.url });
    running.push({ stop: () => admin.close() });
    await admin.createStream({ name: 'H' });
    await admin.fill(count, () => 'h.a');
    return admin;
  };

  const connect = (options: ConstructorParameters<typeof JetStreamNatsClient>[0]) => {
    const client = new JetStreamNatsClient({ reconnectWaitMs: 50, ...options });
    clients.push(client);
    return client;
  };

  it('leaves a connection that no longer forwards within three idle heartbeats', async () => {
    const server = await start({});
    await fill(server, 1);
    const path = await TcpProxy.start(server.port);
    const client = connect({ servers: [path.url('nats')] });
    await client.ready;
    const idleHeartbeatMs = 1000;
    const failure = new Promise((resolve) =>
      client
        .follow({ stream: 'H', start: { sequence: 1 }, filters: ['h.>'], idleHeartbeatMs })
        .subscribe({ error: resolve }),
    );
    await until(() => client.status === 'connected');
    const reconnected = new Promise<void>((resolve) =>
      client.events$.subscribe(({ type }) => type === 'reconnect' && resolve()),
    );
    path.freezeOpen();
    const frozen = performance.now();
    await Promise.all([failure, reconnected]);
    const heartbeats = (performance.now() - frozen) / idleHeartbeatMs;
    // Three, plus a margin for a busy machine; the client's own pings need three times 20 s.
    expect(heartbeats).toBeLessThan(6);
    expect((await client.streamFacts('H')).lastSequence).toBe(1);
  });

  it('leaves a connection on which a request got no response', async () => {
    const server = await start({});
    await fill(server, 1);
    const path = await TcpProxy.start(server.port);
    const client = connect({ servers: [path.url('nats')], requestTimeoutMs: 200 });
    await client.ready;
    path.freezeOpen();
    await expect(client.streamFacts('H')).rejects.toMatchObject({ kind: 'timeout' });
    expect((await until(() => client.streamFacts('H').catch(() => undefined))).lastSequence).toBe(
      1,
    );
  });

  it('reads history over the main connection while a second one is refused', async () => {
    const server = await start({ config: () => 'max_connections: 2' });
    await fill(server, 10);
    const client = connect({ servers: [server.url] });
    const events: NatsEvent[] = [];
    client.events$.subscribe((event) => events.push(event));
    await client.ready;
    const reader = await client.openPull({ stream: 'H', start: { sequence: 1 }, filters: [] });
    expect((await reader.pull(10, 100_000)).messages).toHaveLength(10);
    await reader.close();
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'attempt_failed', connection: 'replay' }),
    );
  });

  it('starts with TLS if the server waits for it', async () => {
    const ca = await TestAuthority.create();
    const { cert, key } = await ca.issue();
    const server = await start({
      files: { 'cert.pem': cert, 'key.pem': key, 'ca.pem': ca.pem },
      config: (directory) =>
        `tls { cert_file: "${directory}/cert.pem", key_file: "${directory}/key.pem", handshake_first: true, timeout: 0.3 }`,
    });
    const plain = connect({ servers: [server.url] });
    const failures: string[] = [];
    plain.events$.subscribe((e) => e.type === 'attempt_failed' && failures.push(e.error.message));
    await until(() => failures.length > 0);
    expect(failures[0]).toContain('tls://');
    const insecureSkipVerify = { tls: { insecureSkipVerify: true } };
    const client = connect({
      servers: [server.url.replace('nats:', 'tls:')],
      ...insecureSkipVerify,
    });
    await client.ready;
    await expect(client.streamFacts('NONE')).rejects.toMatchObject({ kind: 'stream_not_found' });
  });
});
