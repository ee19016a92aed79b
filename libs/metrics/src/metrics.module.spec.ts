import { Test } from '@nestjs/testing';
import type { INestApplication } from '@nestjs/common';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { register as globalRegistry, type Registry } from 'prom-client';
import { DISCONNECT_REASONS } from './disconnect-reasons.js';
import { definitionOf, METRIC_NAMES } from './metric-catalogue.js';
import { MetricsExposition } from './metrics-exposition.service.js';
import { METRICS_REGISTRY } from './metrics-registry.js';
import { MetricsModule } from './metrics.module.js';
import { type DisconnectReason, NUTS_METRICS, type NutsMetrics } from './nuts-metrics.interface.js';

const running: INestApplication[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

async function start(module = MetricsModule.forRoot({})): Promise<INestApplication> {
  const reference = await Test.createTestingModule({ imports: [module] }).compile();
  const app = reference.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  running.push(app);
  return app;
}

const metricsOf = (app: INestApplication): NutsMetrics => app.get<NutsMetrics>(NUTS_METRICS);
const textOf = (app: INestApplication): Promise<string> => app.get(MetricsExposition).text();
const addressOf = (app: INestApplication): AddressInfo =>
  (app.getHttpServer() as Server).address() as AddressInfo;
const scrape = (app: INestApplication, path = '/metrics'): Promise<Response> =>
  fetch(`http://127.0.0.1:${addressOf(app).port}${path}`);

describe('MetricsModule', () => {
  it('builds one text for concurrent requests, and a new one for the next', async () => {
    const app = await start();
    const made = jest.spyOn(app.get<Registry>(METRICS_REGISTRY), 'metrics');
    const texts = await Promise.all(Array.from({ length: 1000 }, () => textOf(app)));
    expect(new Set(texts).size).toBe(1);
    expect(made).toHaveBeenCalledTimes(1);
    metricsOf(app).hub('/events').connectionOpened();
    expect(await textOf(app)).toMatch(/^nuts_active_connections 1$/m);
  });

  it('serves the Prometheus text with caching disabled', async () => {
    const response = await scrape(await start());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain('# TYPE nuts_active_connections gauge');
  });

  it('keeps the routes of two applications separate, and serves none if disabled', async () => {
    const one = await start(MetricsModule.forRoot({ path: '/one' }));
    const two = await start(MetricsModule.forRoot({ path: '/two' }));
    const none = await start(MetricsModule.forRoot({ controller: false }));
    const statuses = await Promise.all(
      [
        [one, '/one'],
        [one, '/two'],
        [two, '/two'],
        [none, '/metrics'],
      ].map(async ([app, path]) => (await scrape(app as INestApplication, path as string)).status),
    );
    expect(statuses).toEqual([200, 404, 200, 404]);
    expect(await textOf(none)).toContain('nuts_active_connections 0');
  });

  it('has every name of the catalog, and each closed label set at 0', async () => {
    const text = await textOf(await start());
    for (const name of METRIC_NAMES) {
      const { type, label, perHub, perService } = definitionOf(name);
      expect(text).toContain(`# TYPE ${name} ${type}\n`);
      if (!label || perHub || perService) continue;
      for (const value of label.values) {
        expect(text).toContain(`\n${name}{${label.name}="${value}"} 0\n`);
      }
    }
  });

  it('has the series of a service at 0 from its start, and counts its requests', async () => {
    const app = await start();
    const service = metricsOf(app).service?.('/services');
    expect(await textOf(app)).toContain(
      '\nnuts_requests_total{service="/services",result="client_left"} 0\n',
    );
    expect(await textOf(app)).toContain('\nnuts_request_replies_total{service="/services"} 0\n');
    service?.requested('timeout', 3);
    service?.replied();
    const text = await textOf(app);
    expect(text).toContain('\nnuts_requests_total{service="/services",result="timeout"} 1\n');
    expect(text).toContain('\nnuts_request_seconds_sum{service="/services"} 3\n');
    expect(text).toContain('\nnuts_request_replies_total{service="/services"} 1\n');
    expect(metricsOf(app).service?.('/services')).toBe(service);
  });

  it('is independent in two applications of one module declaration', async () => {
    const declared = MetricsModule.forRoot({});
    const first = await start(declared);
    const second = await start(declared);
    metricsOf(first).hub('/events').delivered(3);
    metricsOf(first).natsEvent('reconnect');
    expect(await textOf(first)).toContain('\nnuts_messages_delivered_total 3\n');
    expect(await textOf(second)).toContain('\nnuts_messages_delivered_total 0\n');
    expect(await textOf(second)).not.toContain('hub="/events"');
    expect(globalRegistry.getMetricsAsArray()).toEqual([]);
  });

  it('collects the metrics of Node.js into its own registry if enabled', async () => {
    const withThem = await start(
      MetricsModule.forRootAsync({ useFactory: () => ({ defaultMetrics: true }) }),
    );
    const without = await start();
    expect(await textOf(withThem)).toContain('nodejs_version_info');
    expect(await textOf(without)).not.toContain('nodejs_');
    expect(globalRegistry.getMetricsAsArray()).toEqual([]);
  });
});

describe('PrometheusMetrics', () => {
  it('sums the original names over hubs, and labels the new ones with the hub', async () => {
    const app = await start();
    const [a, b] = [metricsOf(app).hub('/a'), metricsOf(app).hub('/b')];
    a.connectionOpened();
    a.connectionOpened();
    b.connectionOpened();
    b.connectionClosed();
    a.sharedSubscriptions(2);
    b.sharedSubscriptions(5);
    a.window(10, 2048);
    b.window(20, 4096);
    a.dropped('raw_payload');
    b.dropped('raw_payload');
    a.streamClosed('slow_client');
    a.deliveryLag(0.004);
    b.fanoutBatch(7);
    a.sent('gzip', 300, 100);
    a.sent('gzip', 30, 10);
    b.sent('identity', 5, 5);
    const text = await textOf(app);
    for (const line of [
      'nuts_active_connections 2',
      'nuts_shared_subscriptions 7',
      'nuts_window_messages{hub="/a"} 10',
      'nuts_window_bytes{hub="/b"} 4096',
      'nuts_messages_dropped_total{reason="raw_payload"} 2',
      'nuts_stream_closed_total{hub="/a",reason="slow_client"} 1',
      'nuts_stream_closed_total{hub="/b",reason="slow_client"} 0',
      'nuts_delivery_lag_seconds_bucket{le="0.005",hub="/a"} 1',
      'nuts_delivery_lag_seconds_count{hub="/b"} 0',
      'nuts_fanout_batch_messages_sum{hub="/b"} 7',
      'nuts_sent_bytes_total{hub="/a",encoding="gzip"} 110',
      'nuts_sent_plain_bytes_total{hub="/a",encoding="gzip"} 330',
      'nuts_sent_bytes_total{hub="/b",encoding="identity"} 5',
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
  });

  it('counts a negative lag, from clocks that differ, as zero', async () => {
    const app = await start();
    metricsOf(app).hub('/a').deliveryLag(-5);
    expect(await textOf(app)).toContain('\nnuts_delivery_lag_seconds_sum{hub="/a"} 0\n');
  });

  it('removes the gauges of a removed hub and keeps its counters', async () => {
    const app = await start();
    const old = metricsOf(app).hub('/a');
    old.window(1, 1);
    old.streamClosed('token_expired');
    old.sent('gzip', 9, 3);
    expect(metricsOf(app).hub('/a')).toBe(old);
    old.close();
    expect(await textOf(app)).not.toContain('nuts_window_messages{hub="/a"}');
    const renewed = metricsOf(app).hub('/a');
    renewed.window(3, 3);
    old.close();
    const text = await textOf(app);
    expect(text).toContain('nuts_window_messages{hub="/a"} 3');
    expect(text).toContain('nuts_stream_closed_total{hub="/a",reason="token_expired"} 1');
    expect(text).toContain('nuts_sent_bytes_total{hub="/a",encoding="gzip"} 3');
  });

  it('has every reason of the port', () => {
    const all: Record<DisconnectReason, true> = Object.fromEntries(
      DISCONNECT_REASONS.map((reason) => [reason, true]),
    ) as Record<(typeof DISCONNECT_REASONS)[number], true>;
    expect(Object.keys(all)).toHaveLength(16);
  });
});
