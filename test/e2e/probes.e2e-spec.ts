import { Broker } from '../chaos/broker.js';
import { startNats } from '../support/nats/index.js';
import type { NatsServer } from '../support/nats/nats-server.interface.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';

let nats: NatsServer;
let broker: Broker;
let service: Service;

beforeAll(async () => {
  nats = await startNats();
  broker = await Broker.connect(nats.url);
  await broker.createStream();
  service = await Service.start({
    env: {
      NATS_URL: nats.url,
      STREAM_NAME: 'EVENTS',
      TOPIC_PREFIX: 'events.',
      NATS_IDLE_HEARTBEAT: '0.3',
      RECONNECT_WAIT: '0.1',
      HEALTH_DETAILS: 'true',
      DRAIN_DELAY: '2',
      DRAIN_WINDOW: '0.2',
    },
  });
});

interface Answer {
  status: number;
  ms: number;
  body: Record<string, unknown>;
}
async function probe(path: string): Promise<Answer> {
  const began = performance.now();
  const response = await fetch(`${service.url}${path}`);
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, ms: performance.now() - began, body };
}

const failures = async (cause: string): Promise<number> => {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  const line = new RegExp(`^nuts_readiness_failures_total\\{cause="${cause}"\\} (\\d+)$`, 'm');
  return Number(line.exec(text)?.[1]);
};

async function expectOutage(cause: string, nats: string): Promise<void> {
  const { body } = await until(
    async () => {
      const answer = await probe('/readyz');
      return answer.status === 503 && answer.body['cause'] === cause && answer;
    },
    { what: `readiness to fail for ${cause}` },
  );
  expect(body).toMatchObject({ status: 'degraded', nats, stream: 'unavailable' });
  for (const path of ['/healthz', '/events/readyz', '/events/healthz/']) {
    expect((await probe(path)).status).toBe(503);
  }
  for (const path of [
    '/livez',
    '/events/livez',
    '/readyz?outage=ready',
    '/events/readyz?outage=ready',
  ]) {
    expect((await probe(path)).status).toBe(200);
  }
  expect(await failures(cause)).toBeGreaterThan(3);
}

const recovered = (): Promise<true> =>
  until(async () => (await probe('/readyz')).status === 200, { what: 'readiness to come back' });

describe('probes of a running service', () => {
  it('include the server and the stream, with the names of the original', async () => {
    await broker.publish('events.a', '1');
    await until(
      async () => {
        const { body } = await probe('/events/healthz');
        return (body['stream_info'] as { last_seq: number }).last_seq === 1;
      },
      { what: 'the figures to be refreshed' },
    );
    expect((await probe('/healthz')).body).toMatchObject({
      status: 'ok',
      nats: 'connected',
      stream: 'available',
      nats_server: { version: nats.version },
      stream_info: { name: 'EVENTS', subjects: ['events.>'], messages: 1, max_age_seconds: 0 },
    });
  });

  it('answer at once while NATS is frozen, and name the cause', async () => {
    await nats.freeze();
    await expectOutage('tail_stalled', 'connected');
    const slowest = Math.max(
      ...(await Promise.all(['/readyz', '/healthz', '/livez'].map(probe))).map(({ ms }) => ms),
    );
    // A request to the frozen server would take 3 s to fail.
    expect(slowest).toBeLessThan(2500);
    await nats.thaw();
    await recovered();
  });

  it('fail while NATS is disconnected, and tolerate it if configured', async () => {
    await nats.kill();
    await expectOutage('nats_disconnected', 'disconnected');
    await nats.restart();
    await recovered();
  });

  it('fail while the stream is missing', async () => {
    await broker.manager.streams.delete('EVENTS');
    await expectOutage('stream_info_error', 'connected');
    await broker.createStream();
    await recovered();
  });

  it('fail at once on SIGTERM, except liveness', async () => {
    service.signal('SIGTERM');
    await until(async () => (await probe('/readyz')).status === 503);
    expect((await probe('/readyz')).body).toMatchObject({ cause: 'draining', nats: 'connected' });
    expect((await probe('/readyz?outage=ready')).status).toBe(503);
    expect((await probe('/livez')).status).toBe(200);
    expect(await service.exited).toEqual({ code: 0, signal: null });
  });
});
