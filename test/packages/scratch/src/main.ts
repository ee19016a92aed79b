// An application that knows the libraries only as installed packages, with the usual global parts of
// a Nest application around them. It talks to itself over HTTP, prints what it got as one line of
// JSON, and ends.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { NUTS_METRICS, type NutsMetrics } from '@nuts/metrics';
import { HubPublisher } from '@nuts/streaming';
import compression from 'compression';
import { Logger } from 'nestjs-pino';
import { CompanyFilter, TimingInterceptor, TrimPipe } from './global.enhancers.js';
import { HostModule } from './host.module.js';

const HEADERS = { 'x-company': 'ours', 'accept-encoding': 'gzip' };

async function main(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(HostModule, { bufferLogs: true });
  const timing = new TimingInterceptor();
  app.useLogger(app.get(Logger));
  app.use(compression());
  app.setGlobalPrefix('api', { exclude: ['livez', 'readyz', 'healthz', 'metrics'] });
  app.enableVersioning({ type: VersioningType.URI });
  app.useGlobalFilters(new CompanyFilter());
  app.useGlobalInterceptors(timing);
  app.useGlobalPipes(new TrimPipe());
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const get = (path: string, headers: Record<string, string> = HEADERS): Promise<Response> =>
    fetch(url + path, { headers, signal: AbortSignal.timeout(20_000) });
  while ((await get('/readyz')).status !== 200) await pause();
  app.get<NutsMetrics>(NUTS_METRICS, { strict: false }).hub('/events');

  const list = await get('/api/v1/orders?of=%20tea%20');
  assert.deepEqual(await list.json(), ['tea']);
  assert.match(
    list.headers.get('link') ?? '',
    /<\/api\/events>; rel="nuts"|<\/events>; rel="nuts"/,
  );

  const stranger = await get('/api/events?topic=a', {});
  assert.deepEqual([stranger.status, await stranger.json()], [403, message('not of this company')]);
  const secret = await get('/api/events?topic=secret');
  assert.equal(secret.status, 403);
  assert.match(JSON.stringify(await secret.json()), /"company":true,"message":"Forbidden topic/);

  const publisher = app.get(HubPublisher, { strict: false });
  for (const hub of ['/events', '/news']) {
    const stream = await get(`/api${hub}?topic=a`);
    assert.equal(stream.headers.get('content-encoding'), null);
    let body = '';
    for await (const chunk of stream.body ?? []) {
      body += Buffer.from(chunk as Uint8Array).toString();
      if (body.includes('event: connected') && !body.includes('published')) {
        await publisher.publish(hub, 'a', { published: hub });
      }
      if (body.includes(`{"published":"${hub}"}`)) break;
    }
    const ids = [...body.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    assert.equal(ids.length, 2, body);
  }
  const post = (path: string): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      body: ' { "n": 1.0 } ',
      headers: { ...HEADERS, 'content-type': 'application/json', 'idempotency-key': 'once' },
    });
  const stored = await post('/api/news/written');
  assert.equal(stored.status, 201);
  const { id } = (await stored.json()) as { id: string };
  const again = await post('/api/news/written');
  assert.deepEqual(await again.json(), { id, topic: 'written', duplicate: true });
  assert.equal((await post('/api/news/secret')).status, 403);
  assert.equal((await post('/api/events/written')).status, 405);

  assert.equal((await get('/api/staff/console', {})).status, 403);
  const page = await get('/api/staff/console');
  const [script = ''] = /[\w/-]+\.js/.exec(await page.text()) ?? [];
  assert.equal((await get(`/api/staff/${script}`)).status, 200);
  const settings = await get('/api/staff/console/config.json');
  const { path, hubs } = (await settings.json()) as { path: string; hubs: { path: string }[] };
  assert.deepEqual(
    [path, ...hubs.map((hub) => hub.path)],
    ['/api/staff/console', '/api/events', '/api/news'],
  );

  const scrape = await (await get('/metrics')).text();
  assert.match(scrape, /^nuts_messages_delivered_total 2$/m);
  assert.ok(timing.routes.includes('OrdersController'));
  await app.close();
  console.log('streamed');
}

function message(text: string): object {
  return { company: true, message: text };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

void main();
