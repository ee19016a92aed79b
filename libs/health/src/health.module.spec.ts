import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { NUTS_METRICS, NoopMetrics } from '@nuts/metrics';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HealthModule } from './health.module.js';
import { HealthService } from './health.service.js';
import type { HubHealth } from './hub-health.interface.js';
import { draining, hub, outage, starting } from './hub-health.fixture.js';

const counted: string[] = [];
class CountingMetrics extends NoopMetrics {
  override readinessFailed(...[cause]: [string?]): void {
    counted.push(String(cause));
  }
}

let hubs: HubHealth[] = [];
let app: INestApplication;

beforeAll(async () => {
  const reference = await Test.createTestingModule({
    imports: [HealthModule.forRoot({ source: { hubs: () => hubs } })],
  })
    .useMocker((token) => (token === NUTS_METRICS ? new CountingMetrics() : undefined))
    .compile();
  app = reference.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());
beforeEach(() => counted.splice(0));

interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}
async function probe(path: string): Promise<Answer> {
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
}

describe('probes', () => {
  it('answers with the keys of the original and of Terminus', async () => {
    hubs = [hub()];
    for (const path of ['/readyz', '/healthz', '/readyz/']) {
      const { status, body, headers } = await probe(path);
      expect(status).toBe(200);
      expect(body).toEqual({
        status: 'ok',
        nats: 'connected',
        stream: 'available',
        info: { nats: { status: 'up' }, stream: { status: 'up' } },
        error: {},
        details: { nats: { status: 'up' }, stream: { status: 'up' } },
      });
      expect(headers.get('cache-control')).toContain('no-store');
    }
  });

  it.each([
    ['nats_disconnected', 'disconnected'],
    ['jetstream_missing', 'connected'],
    ['stream_info_error', 'connected'],
    ['tail_stalled', 'connected'],
  ] as const)('is unready for %s, names the cause and counts it once', async (cause, nats) => {
    hubs = [outage(cause)];
    const { status, body } = await probe('/readyz');
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'degraded', nats, stream: 'unavailable', cause });
    expect(body.error).toHaveProperty('stream');
    expect(counted).toEqual([cause]);
  });

  it.each([
    ['unreachable', 'NATS is disconnected: no server can be reached'],
    ['credentials_refused', 'NATS is disconnected: it refused the credentials'],
    ['tls_failed', 'NATS is disconnected: the TLS check failed'],
    [
      'bad_option',
      'NATS is disconnected: a connection setting, or a file that it names, is invalid',
    ],
    [undefined, 'NATS is disconnected'],
  ] as const)('says why NATS is not connected: %s', async (failure, message) => {
    const nats = { status: 'disconnected', ...(failure && { failure }) } as const;
    hubs = [{ ...outage('nats_disconnected'), nats }];
    const { body } = await probe('/readyz');
    expect(body.error).toMatchObject({ nats: { status: 'down', message } });
  });

  it('is alive regardless of NATS', async () => {
    hubs = [outage('nats_disconnected')];
    expect(await probe('/livez')).toMatchObject({ status: 200, body: { status: 'ok' } });
    hubs = [draining()];
    expect(await probe('/livez')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('is unready while it starts or drains, without counting either', async () => {
    for (hubs of [[], [starting()], [draining()]]) {
      expect(await probe('/readyz')).toMatchObject({ status: 503, body: { status: 'degraded' } });
    }
    expect((await probe('/readyz')).body).toMatchObject({
      nats: 'connected',
      stream: 'available',
      cause: 'draining',
    });
    expect(counted).toEqual([]);
  });

  it('adds details of the server and the stream if the hub enables them', async () => {
    hubs = [hub({ details: true })];
    expect((await probe('/healthz')).body).toMatchObject({
      nats_server: { version: '2.15.2', name: 'n1', cluster: 'c1', domain: 'hub' },
      stream_info: {
        name: 'EVENTS',
        subjects: ['events.>'],
        storage: 'file',
        replicas: 1,
        messages: 3,
        bytes: 300,
        first_seq: 5,
        last_seq: 7,
        consumers: 1,
        max_msgs: -1,
        max_bytes: -1,
        max_age_seconds: 3600,
        max_consumers: -1,
        created: '2026-01-01T00:00:00Z',
      },
    });
  });

  it('checks all hubs at the root, and one hub by its name', async () => {
    hubs = [hub(), outage('tail_stalled', '/b')];
    const { status, body } = await probe('/readyz');
    expect(status).toBe(503);
    expect(body).toMatchObject({
      nats: 'connected',
      stream: 'unavailable',
      hubs: { '/events': { status: 'ok' }, '/b': { status: 'degraded', cause: 'tail_stalled' } },
      details: { 'stream /events': { status: 'up' }, 'stream /b': { status: 'down' } },
    });
    const service = app.get(HealthService);
    expect((await service.ready('/events')).status).toBe(200);
    expect((await service.health('/b')).status).toBe(503);
    expect((await service.ready('/nowhere')).status).toBe(503);
  });
});

describe('outage=ready', () => {
  it('stays ready during an outage once it was ready, and reports the cause', async () => {
    hubs = [outage('nats_disconnected')];
    const { status, body } = await probe('/readyz?outage=ready');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'degraded', nats: 'disconnected' });
    expect(counted).toEqual(['nats_disconnected']);
  });

  it('is not ready before the first success, nor while it drains', async () => {
    for (const unready of [
      starting(),
      draining(),
      { ...outage('nats_disconnected'), wasReady: false },
    ]) {
      hubs = [unready];
      expect((await probe('/readyz?outage=ready')).status).toBe(503);
    }
  });

  it.each(['?outage=', '?outage=no', '?outage=ready&outage=ready', '?outage[ready]=1'])(
    'is ignored if it is written as %s',
    async (query) => {
      hubs = [outage('nats_disconnected')];
      expect((await probe(`/readyz${query}`)).status).toBe(503);
    },
  );
});
