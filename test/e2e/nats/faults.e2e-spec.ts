import {
  JetStreamNatsClient,
  type NatsEvent,
  type NatsReadError,
  type NatsStatus,
} from '@nuts/nats';
import type { Subscription } from 'rxjs';
import { startNats, type NatsServer } from '../../support/nats/index.js';
import { until } from '../../support/until.js';
import { StreamAdmin } from './stream-admin.js';

jest.setTimeout(20_000);

describe('reading JetStream during failures', () => {
  let server: NatsServer;
  let admin: StreamAdmin;
  let client: JetStreamNatsClient;
  const events: NatsEvent[] = [];
  const statuses: NatsStatus[] = [];

  beforeAll(async () => {
    server = await startNats({ monitor: true });
    admin = await StreamAdmin.connect({
      servers: server.url,
      reconnectTimeWait: 50,
      maxReconnectAttempts: -1,
    });
    client = new JetStreamNatsClient({
      servers: [server.url],
      name: 'nuts_faults',
      reconnectWaitMs: 50,
      requestTimeoutMs: 800,
      connectTimeoutMs: 300,
      pingIntervalMs: 200,
    });
    client.events$.subscribe((event) => events.push(event));
    client.status$.subscribe((status) => statuses.push(status));
    await client.ready;
    await admin.createStream({ name: 'F' });
    await admin.fill(50, (i) => `f.${i % 2}`);
  });

  afterAll(async () => {
    await client.close();
    await admin.close();
    await server.stop();
  });

  /** Follows `F` from its start, and records the messages. */
  function follow(idleHeartbeatMs = 200): {
    seen: number[];
    failure: () => NatsReadError | undefined;
    reading: Subscription;
  } {
    const seen: number[] = [];
    let failure: NatsReadError | undefined;
    const reading = client
      .follow({ stream: 'F', start: { sequence: 1 }, filters: ['f.>'], idleHeartbeatMs })
      .subscribe({
        next: ({ sequence }) => seen.push(sequence),
        error: (error: NatsReadError) => (failure = error),
      });
    return { seen, failure: () => failure, reading };
  }

  const modern = (): boolean => !/^2\.9\./.test(server.version);

  const ownConsumers = async (): Promise<string[]> =>
    (await admin.consumers('F')).filter((name) => name.startsWith('nuts_'));

  it('reports consumer_lost when the consumer is deleted, idle or not', async () => {
    const { seen, failure } = follow(5000);
    await until(() => seen.length === 50);
    for (const name of await ownConsumers()) await admin.manager.consumers.delete('F', name);
    expect((await until(failure)).kind).toBe('consumer_lost');
  });

  it('rejects a pull when its consumer was deleted', async () => {
    const reader = await client.openPull({ stream: 'F', start: { sequence: 1 }, filters: [] });
    expect((await reader.pull(10, 100_000)).messages).toHaveLength(10);
    await admin.manager.consumers.delete('F', reader.name);
    const lost = await reader.pull(10, 100_000).catch((error: NatsReadError) => error);
    // Servers before 2.10 do not answer such a pull: the reader looks up the consumer.
    expect(lost).toMatchObject({ kind: 'consumer_lost' });
    await reader.close();
    expect(await ownConsumers()).toEqual([]);
  });

  it('ends pull and reader when they are closed while pulling', async () => {
    const reader = await client.openPull({ stream: 'F', start: { sequence: 1 }, filters: [] });
    const pulls = [reader.pull(10, 100_000)];
    pulls.push(reader.pull(10, 100_000));
    const closing = reader.close();
    const outcomes = await Promise.allSettled(pulls);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    await closing;
    expect(await ownConsumers()).toEqual([]);
  });

  it('leaves no consumer if it is unsubscribed while the consumer is created', async () => {
    for (let i = 0; i < 10; i++) {
      const { reading } = follow();
      if (i % 2 === 1) await new Promise(setImmediate);
      reading.unsubscribe();
    }
    await until(async () => (await ownConsumers()).length === 0);
  });

  it('fails at once when the server dies, and reconnects', async () => {
    const { seen, failure } = follow();
    const reader = await client.openPull({ stream: 'F', start: { sequence: 1 }, filters: [] });
    await until(() => seen.length === 50);
    await server.kill();
    expect((await until(failure)).kind).toBe('disconnected');
    await expect(reader.pull(1, 1000)).rejects.toMatchObject({ kind: 'disconnected' });
    expect(client.status).toBe('disconnected');
    const before = performance.now();
    await expect(client.streamFacts('F')).rejects.toMatchObject({ kind: 'disconnected' });
    await expect(client.lastMessage('F', 'f.0')).rejects.toMatchObject({ kind: 'disconnected' });
    await expect(
      client.openPull({ stream: 'F', start: { sequence: 1 }, filters: [] }),
    ).rejects.toMatchObject({ kind: 'disconnected' });
    await expect(client.publish('f.0', Buffer.from(''))).rejects.toMatchObject({
      kind: 'disconnected',
    });
    // All together take less time than the timeout of one request.
    expect(performance.now() - before).toBeLessThan(700);
    await reader.close();
    await server.restart();
    await until(() => client.status === 'connected');
    const facts = await until(() => client.streamFacts('F'));
    expect(facts.lastSequence).toBe(50);
    const again = follow();
    await until(() => again.seen.length === 50);
    again.reading.unsubscribe();
    const next = await client.openPull({ stream: 'F', start: { sequence: 1 }, filters: [] });
    expect((await next.pull(50, 100_000)).messages).toHaveLength(50);
    await next.close();
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['disconnect', 'attempt_failed', 'reconnect']),
    );
  });

  it('detects a frozen server by its heartbeats and pings, and leaves no connection behind', async () => {
    const { seen, failure } = follow(100);
    const reader = await client.openPull({ stream: 'F', start: { sequence: 1 }, filters: [] });
    await until(() => seen.length === 50);
    await server.freeze();
    const pull = reader.pull(10, 100_000);
    await expect(pull).rejects.toMatchObject({
      kind: expect.stringMatching(/timeout|disconnected/) as string,
    });
    expect((await until(failure)).kind).toBe('stalled');
    await until(() => client.status === 'disconnected');
    // Some attempts that a frozen server accepts and never answers.
    const failed = (): number =>
      events.filter((e) => e.type === 'attempt_failed' && e.connection === 'main').length;
    const before = failed();
    await until(() => failed() >= before + 3);
    await server.thaw();
    await until(() => client.status === 'connected');
    await reader.close();
    await until(async () => {
      const answer = await fetch(`${server.monitor}/connz`);
      const { connections } = (await answer.json()) as { connections: { name?: string }[] };
      return connections.length === 3;
    });
  });

  it('reports consumer_lost when the stream is deleted', async () => {
    await admin.createStream({ name: 'G' });
    let failure: NatsReadError | undefined;
    const ready = { heard: false };
    client
      .follow({
        stream: 'G',
        start: { sequence: 1 },
        filters: [],
        idleHeartbeatMs: 100,
        onAlive: () => (ready.heard = true),
      })
      .subscribe({ error: (error: NatsReadError) => (failure = error) });
    await until(() => ready.heard);
    await admin.manager.streams.delete('G');
    expect((await until(() => failure)).kind).toBe('consumer_lost');
  });

  it('reports consumer_limit when the stream allows no more consumers', async () => {
    await admin.createStream({ name: 'L', max_consumers: 1 });
    const options = { stream: 'L', start: { sequence: 1 }, filters: [] };
    const first = await client.openPull(options);
    await expect(client.openPull(options)).rejects.toMatchObject({
      kind: 'consumer_limit',
      code: 10026,
    });
    await first.close();
    await (await client.openPull(options)).close();
  });

  it("respects the stream's limit of inactivity", async () => {
    if (!modern()) return;
    const limits = { inactive_threshold: 2_000_000_000, max_ack_pending: 100 };
    await admin.createStream({ name: 'CL', consumer_limits: limits });
    const options = { stream: 'CL', start: { sequence: 1 }, filters: [] };
    const facts = await client.streamFacts('CL');
    expect(facts.maxInactiveThresholdMs).toBe(2000);
    await (await client.openPull(options)).close();
  });

  it('ends cleanly: no consumer, no connection, status closed', async () => {
    const { seen, failure } = follow();
    await until(() => seen.length === 50);
    await client.close();
    expect(await ownConsumers()).toEqual([]);
    expect(failure()).toBeDefined();
    expect(client.status).toBe('closed');
    expect(statuses.at(-1)).toBe('closed');
    await expect(client.streamFacts('F')).rejects.toMatchObject({ kind: 'disconnected' });
    await until(async () => {
      const answer = await fetch(`${server.monitor}/connz`);
      return ((await answer.json()) as { connections: unknown[] }).connections.length === 1;
    });
  });
});
