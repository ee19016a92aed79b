import type { CanActivate } from '@nestjs/common';
import { ForbiddenException, Injectable, ServiceUnavailableException } from '@nestjs/common';
import { get } from 'node:http';
import { STREAMING_OPTIONS, type StreamingOptions } from '../streaming.options.js';
import { Drain } from './drain.js';
import { type Edge, type EdgeOptions, FakeHub, hubOptions, startEdge } from './edge.fixture.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';

let edge: Edge;
const start = async (options?: EdgeOptions): Promise<void> => {
  edge = await startEdge(options);
};
afterEach(() => edge.close());

const hub = (): FakeHub => edge.hubs[0] as FakeHub;
const text = async (path: string, init?: RequestInit): Promise<string> =>
  (await fetch(edge.url + path, init)).text();

/** Reads until the first event is complete, then disconnects. */
async function firstFrame(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: string }> {
  const gone = new AbortController();
  const answer = await fetch(edge.url + path, { headers, signal: gone.signal });
  let body = '';
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  while (!/\n\n/.test(body.trimStart())) {
    const { value, done } = await reader.read();
    if (done) break;
    body += Buffer.from(value).toString();
  }
  gone.abort();
  return { status: answer.status, headers: answer.headers, body: body.trimStart() };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

describe('a stream', () => {
  it('opens by query and by path, with the headers of contract §3', async () => {
    await start({ hubs: [new FakeHub(hubOptions({ hubUrl: 'https://hub.example/events' }))] });
    const answer = await firstFrame('/events?topic=a&topic=b&topic=a&last-id=12');
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('event: connected\nid: 12\ndata: {"topics":["a","b"]}\n\n');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.headers.get('cache-control')).toMatch(/no-cache.*no-transform/);
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    expect(answer.headers.get('link')).toBe('<https://hub.example/events>; rel="nuts"');
    expect((await firstFrame('/events/orders/new')).body).toContain('["orders.new"]');
    await until(() => hub().active === 0);
    expect(hub().opened[0]?.subscription.hub).toEqual({ name: '/events', path: '/events' });
    expect(hub().opened[0]?.clientAddress).toMatch(/127\.0\.0\.1$/);
  });

  it('notifies an engine that is still planning, by its signal, that the client disconnected', async () => {
    await start();
    const gone = new AbortController();
    const aborted = new Promise<void>((resolve) => {
      hub().open = ({ signal }) => {
        signal.addEventListener('abort', () => resolve());
        gone.abort();
        return new Promise(() => undefined);
      };
    });
    const answer = fetch(`${edge.url}/events?topic=a`, { signal: gone.signal });
    await expect(answer).rejects.toThrow();
    await aborted;
  });

  it('is served below a global prefix, and at the root', async () => {
    await start({ globalPrefix: 'api' });
    expect((await firstFrame('/api/events?topic=a')).status).toBe(200);
    expect((await fetch(`${edge.url}/events?topic=a`)).status).toBe(404);
    await edge.close();
    await start({ hubs: [new FakeHub(hubOptions({ path: '/' }))] });
    expect((await firstFrame('/?topic=a')).status).toBe(200);
    expect((await firstFrame('/a/b')).body).toContain('["a.b"]');
  });

  it('does not serve paths that are excluded from a hub at the root', async () => {
    const hubs = [new FakeHub(hubOptions({ path: '/' }))];
    const useValue: StreamingOptions = { hubs: [], exclude: ['/own'] };
    await start({ hubs, providers: [{ provide: STREAMING_OPTIONS, useValue }] });
    for (const path of ['/own', '/own/', '/OWN', '/own?topic=a']) {
      expect((await fetch(edge.url + path)).status).toBe(404);
    }
    expect((await firstFrame('/own/a')).body).toContain('["own.a"]');
    expect((await firstFrame('/?topic=own')).body).toContain('["own"]');
  });

  it('is served by the hub with the longest path', async () => {
    await start({ hubs: ['/a', '/a/b'].map((path) => new FakeHub(hubOptions({ path }))) });
    await firstFrame('/a/b/c');
    await firstFrame('/a/bc');
    await until(() => edge.hubs.every(({ active }) => active === 0));
    expect(edge.hubs.map(({ opened }) => opened.map((r) => r.subscription.topics))).toEqual([
      [['bc']],
      [['c']],
    ]);
  });

  it('has no route that can be requested directly', async () => {
    await start();
    for (const path of [
      '/nuts→stream?topic=a',
      '/nuts%E2%86%92stream?topic=a',
      '/nuts\u0092stream',
    ]) {
      expect((await fetch(edge.url + path)).status).toBe(404);
    }
    const raw = await edge.raw();
    raw.socket.write(Buffer.from('GET /nuts→stream?topic=a HTTP/1.1\r\nHost: x\r\n\r\n'));
    await until(() => raw.text().includes('\r\n\r\n'));
    expect(raw.text()).toMatch(/^HTTP\/1\.1 40[04]/);
    raw.socket.destroy();
  });
});

describe('an invalid request', () => {
  it.each([
    ['/events', 'No topics specified'],
    ['/events/', 'No topics specified'],
    ['/events?topic=', 'Invalid topic'],
    ['/events?topic=a..b', 'Invalid topic'],
    ['/events/a%2Fb', 'Invalid topic'],
    ['/events/%ff', 'Invalid topic'],
    ['/events?topic=a%0d%0ab', 'Invalid topic'],
    [`/events?${Array.from({ length: 33 }, (_, i) => `topic=t${i}`).join('&')}`, 'Too many topics'],
    ['/events?topic=a&last-id=x', 'Invalid last-id'],
  ])('%s is 400: %s', async (path, message) => {
    await start();
    const answer = await fetch(edge.url + path, { headers: { origin: 'https://a.example' } });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      statusCode: 400,
      message: expect.stringContaining(message) as string,
      error: 'Bad Request',
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://a.example');
  });

  it.each(['POST', 'PUT', 'DELETE', 'HEAD', 'PATCH'])('%s is 405 with Allow', async (method) => {
    await start();
    const answer = await fetch(`${edge.url}/events?topic=a`, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, OPTIONS');
  });

  it('is 404 outside the hubs', async () => {
    await start();
    expect((await fetch(`${edge.url}/eventsx?topic=a`)).status).toBe(404);
    expect((await fetch(`${edge.url}/`)).headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('a refusal', () => {
  const eventSource = { accept: 'text/event-stream', 'last-event-id': '41-9' };

  it('reaches an EventSource as a 200 retry stream with its own cursor', async () => {
    await start();
    hub().refuseWith = new StreamRefusal('jetstream_unavailable');
    const answer = await fetch(`${edge.url}/events?topic=a&last-id=3`, { headers: eventSource });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.headers.get('cache-control')).toContain('no-cache');
    const [, delay] =
      /^: JetStream not available\nid: 41-9\nretry: (\d+)\n\n$/.exec(await answer.text()) ?? [];
    expect(Number(delay)).toBeGreaterThanOrEqual(2500);
    expect(Number(delay)).toBeLessThanOrEqual(7500);
  });

  it.each([
    ['jetstream_unavailable', 503, 'JetStream not available', true],
    ['consumer_limit', 503, 'Stream consumer limit reached', true],
    ['subscribe_failed', 503, 'Failed to subscribe to requested topics', true],
    ['foreign_subject', 503, 'Failed to subscribe to requested topics', false],
    ['max_connections', 429, 'Too many concurrent connections', true],
    ['max_connections_per_client', 429, 'Too many concurrent connections', true],
  ] as const)('%s is %i for other clients', async (kind, status, message, retryable) => {
    await start();
    hub().refuseWith = new StreamRefusal(kind);
    const answer = await fetch(`${edge.url}/events?topic=a`, {
      headers: { origin: 'https://a.example' },
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ statusCode: status, message });
    expect(answer.headers.has('retry-after')).toBe(retryable);
    if (retryable) expect(answer.headers.get('retry-after')).toMatch(/^[3-8]$/);
    expect(answer.headers.get('access-control-expose-headers')).toBe('Link, Retry-After');
    const again = await fetch(`${edge.url}/events?topic=a`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(again.status).toBe(retryable ? 200 : 503);
    await again.text();
  });
});

describe('guards of the module', () => {
  const order: string[] = [];
  @Injectable()
  class First implements CanActivate {
    canActivate(): boolean {
      order.push('first');
      return true;
    }
  }
  it('run in order, by class, token and instance', async () => {
    const second: CanActivate = {
      canActivate: () => Promise.resolve(Boolean(order.push('second'))),
    };
    await start({
      guards: [First, 'SECOND'],
      providers: [{ provide: 'SECOND', useValue: second }],
    });
    expect((await firstFrame('/events?topic=a')).status).toBe(200);
    expect(order).toEqual(['first', 'second']);
  });

  it('refuse as any guard does, before anything is opened', async () => {
    await start({
      guards: [
        {
          canActivate: () => {
            throw new ForbiddenException('Forbidden topic');
          },
        },
      ],
    });
    const answer = await fetch(`${edge.url}/events?topic=a`, {
      headers: { accept: 'text/event-stream', origin: 'https://a' },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://a');
    expect(hub().opened).toHaveLength(0);
  });

  it('that are temporarily unavailable give an EventSource the retry stream', async () => {
    await start({
      guards: [
        {
          canActivate: () => {
            throw new ServiceUnavailableException('Token\nkeys');
          },
        },
      ],
    });
    expect(await text('/events?topic=a', { headers: { accept: 'text/event-stream' } })).toMatch(
      /^: Token keys\nretry: \d+\n\n$/,
    );
    expect((await fetch(`${edge.url}/events?topic=a`)).status).toBe(503);
  });
});

describe('probes', () => {
  it('win over path shorthand, with CORS, and are not served without a health library', async () => {
    await start({
      probes: {
        respond: (name, kind) =>
          Promise.resolve({ status: kind === 'ready' ? 503 : 200, body: { name, kind } }),
      },
    });
    const answer = await fetch(`${edge.url}/events/readyz/`, { headers: { origin: 'https://a' } });
    expect([answer.status, await answer.json()]).toEqual([503, { name: '/events', kind: 'ready' }]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://a');
    const root = await fetch(`${edge.url}/livez`, { headers: { origin: 'https://a' } });
    expect([root.status, await root.json()]).toEqual([200, { kind: 'live' }]);
    expect(root.headers.get('access-control-allow-origin')).toBe('https://a');
    expect((await fetch(`${edge.url}/livez`, { method: 'POST' })).status).toBe(405);
    await edge.close();
    await start();
    expect((await fetch(`${edge.url}/events/livez`)).status).toBe(404);
  });
});

describe('while draining', () => {
  it('new streams get the transient answer, and connections close with their answers', async () => {
    await start();
    edge.app.get(Drain).begin();
    const answer = await fetch(`${edge.url}/events?topic=a`);
    expect([answer.status, answer.headers.get('connection')]).toEqual([503, 'close']);
    const stream = await fetch(`${edge.url}/events?topic=a`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(stream.status).toBe(200);
    expect(await stream.text()).toMatch(/^: JetStream not available\nretry: \d+\n\n$/);
  });
});

describe('preflight', () => {
  it('is 204 with what the hub allows, for streams and probes', async () => {
    await start();
    for (const path of ['/events', '/events/orders/new', '/events/livez']) {
      const answer = await fetch(edge.url + path, {
        method: 'OPTIONS',
        headers: { origin: 'https://a' },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-methods')).toBe('GET, OPTIONS');
      expect(answer.headers.get('access-control-allow-headers')).toBe(
        'Cache-Control, Last-Event-ID',
      );
      expect(answer.headers.get('vary')).toBe('Origin');
    }
  });
});

describe('one stream per connection', () => {
  const stream = 'GET /events?topic=a HTTP/1.1\r\nHost: x\r\n\r\n';

  it('refuses requests that are pipelined behind an open stream, and holds nothing for them', async () => {
    await start();
    const raw = await edge.raw();
    raw.socket.write(stream);
    await until(() => raw.text().includes('connected'));
    raw.socket.write(stream + 'GET /other HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => hub().opened.length === 1);
    await firstFrame('/events?topic=b');
    expect(hub().opened).toHaveLength(2);
    await until(() => hub().active === 1);
    await hub().drain();
    await until(() => raw.socket.destroyed || raw.socket.readableEnded);
    expect(raw.text()).toMatch(/HTTP\/1\.1 400 Bad Request[^]*A connection carries one stream/);
    expect(raw.text().match(/HTTP\/1\.1/g)).toHaveLength(2);
  });

  it('refuses the second of two requests in one packet', async () => {
    await start();
    const raw = await edge.raw();
    raw.socket.write(stream + stream);
    await until(() => raw.text().includes('connected'));
    expect(hub().opened).toHaveLength(1);
    raw.socket.destroy();
    await until(() => hub().active === 0);
  });

  it('closes a connection that keeps sending requests', async () => {
    await start();
    const raw = await edge.raw();
    raw.socket.write(stream.repeat(100));
    await until(() => raw.socket.destroyed);
    await until(() => hub().active === 0);
  });

  it('serves a stream behind an ordinary answer, once that is sent', async () => {
    await start();
    const raw = await edge.raw();
    raw.socket.write('GET /other HTTP/1.1\r\nHost: x\r\n\r\n' + stream);
    await until(() => raw.text().includes('connected'));
    expect(raw.text()).toMatch(/^HTTP\/1\.1 404/);
    raw.socket.destroy();
  });

  it('serves one after the other on one connection', async () => {
    await start();
    const raw = await edge.raw();
    for (let i = 1; i <= 5; i += 1) {
      raw.socket.write(stream);
      await until(() => raw.text().split('connected').length > i);
      await hub().drain();
      await until(() => raw.text().split('\r\n0\r\n\r\n').length > i);
    }
    expect(hub().opened).toHaveLength(5);
    raw.socket.destroy();
  });
});

it('does not reveal the software', async () => {
  await start();
  edge.app.disable('x-powered-by');
  const names = await new Promise<string[]>((resolve) => {
    get(`${edge.url}/events`, (answer) => {
      answer.resume();
      resolve(Object.keys(answer.headers));
    });
  });
  expect(names).not.toContain('x-powered-by');
  expect(names).not.toContain('server');
});
