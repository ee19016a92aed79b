import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthModule } from '@nuts/auth';
import { type ConsoleConfig, ConsoleModule } from '@nuts/console';
import { completeHub, StreamingModule } from '@nuts/streaming';
import type { Request } from 'express';
import { startApp, startStream, type ContractStream } from '../../contract/contract-app.js';
import { Service } from '../../support/service.js';
import { startLibraryApp } from '../libraries/library-app.js';

const PAGE = join(process.cwd(), 'dist', 'libs', 'console', 'src', 'page');
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

let stream: ContractStream;
beforeAll(async () => {
  stream = await startStream();
});

function expectStrict(headers: Headers): void {
  expect(headers.get('content-security-policy')).toBe(POLICY);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('access-control-allow-origin')).toBeNull();
}

/** URLs in the page, as a browser resolves them. */
function filesOf(html: string, page: string): string[] {
  return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) =>
    new URL(file, page).toString(),
  );
}

it('is at most 60 KB compressed, without inline code or external resources', () => {
  const html = readFileSync(join(PAGE, 'index.html'), 'utf8');
  const files = readdirSync(join(PAGE, 'assets')).map((name) =>
    readFileSync(join(PAGE, 'assets', name)),
  );
  const size = [Buffer.from(html), ...files].reduce(
    (sum, file) => sum + gzipSync(file, { level: 9 }).length,
    0,
  );
  expect(size).toBeLessThan(60 * 1024);
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|https?:/);
});

describe('the service', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start({
      env: {
        NATS_URL: stream.nats.url,
        STREAM_NAME: 'EVENTS',
        TOPIC_PREFIX: 'events.',
        HUB_PATH: '/',
        ALLOW_WILDCARDS: 'true',
        SUBSCRIBER_JWT_KEY: 'a secret that nobody shall read in the console',
        SERVICES_PATH: '/services',
        SERVICES_SUBJECT_PREFIX: 'services.',
        CONSOLE: 'true',
        MANAGEMENT_PORT: '0',
      },
      waitFor: 'listening',
    });
  });

  it.each(['/console', '/console/'])(
    'serves the page at %s, beside a hub at the root',
    async (path) => {
      const response = await fetch(service.url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expectStrict(response.headers);
      const files = filesOf(await response.text(), response.url);
      expect(files).toHaveLength(3);
      for (const file of files) {
        const asset = await fetch(file);
        expect([file, asset.status]).toEqual([file, 200]);
        expect(file).toMatch(/\/console\/assets\/\w+-[A-Z0-9]{8}\.\w+$/);
        expect(asset.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
        expect(asset.headers.get('content-encoding')).toBe('gzip');
        expectStrict(asset.headers);
      }
    },
  );

  it('gives the page only information that clients can obtain, and no secrets', async () => {
    const response = await fetch(`${service.url}/console/config.json`);
    expectStrict(response.headers);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      path: '/console',
      hubs: [
        {
          path: '/',
          wildcards: true,
          needsToken: true,
          publish: false,
          maxTopics: 32,
          heartbeatMs: 30_000,
          eventType: 'message',
          eventIdFormat: 'sequence',
          payloadFormat: 'envelope',
        },
      ],
      services: [{ path: '/services', needsToken: true }],
    } satisfies ConsoleConfig);
  });

  it('serves only files of the page', async () => {
    for (const name of ['main.js', '..%2Findex.html', '%2e%2e%2fpackage.json', '__proto__']) {
      expect((await fetch(`${service.url}/console/assets/${name}`)).status).toBe(404);
    }
  });

  it('is not served on the management port', async () => {
    const [, management] = [...service.output.matchAll(/(http:\/\/[^\s"\\,]+)/g)].map(
      ([url]) => url,
    );
    expect(management).toBeDefined();
    expect((await fetch(`${management}/console`)).status).toBe(404);
  });
});

it('is not served unless it is enabled', async () => {
  const app = await startApp(stream);
  for (const path of ['/console', '/console/config.json']) {
    expect((await fetch(app.url + path)).status).toBe(404);
  }
});

it('is protected by the guards of an application, below its prefix', async () => {
  @Injectable()
  class StaffGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      return context.switchToHttp().getRequest<Request>().get('x-staff') === 'yes';
    }
  }
  expect(existsSync(PAGE)).toBe(true);
  const streaming = StreamingModule.forRoot({
    hubs: [
      completeHub({
        path: '/events',
        nats: { servers: [stream.nats.url] },
        stream: 'EVENTS',
        topicPrefix: 'events.',
      }),
    ],
  });
  const { url } = await startLibraryApp({
    imports: [
      AuthModule.forRoot({ isGlobal: true }),
      streaming,
      ConsoleModule.forRoot({
        path: '/staff/console',
        imports: [streaming],
        guards: [StaffGuard],
        assets: PAGE,
      }),
    ],
  });
  for (const path of ['/staff/console', '/staff/console/config.json']) {
    expect((await fetch(url + path)).status).toBe(403);
    const allowed = await fetch(url + path, { headers: { 'x-staff': 'yes' } });
    expect(allowed.status).toBe(200);
  }
  const page = await fetch(`${url}/staff/console`, { headers: { 'x-staff': 'yes' } });
  const [file = ''] = filesOf(await page.text(), page.url);
  expect((await fetch(file)).status).toBe(403);
  expect((await fetch(file, { headers: { 'x-staff': 'yes' } })).status).toBe(200);
});
