import type { NutsServer } from '../../src/server/nuts-server.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { type ContractStream, startApp, startStream } from './contract-app.js';

let stream: ContractStream;
let app: NutsServer;
beforeAll(async () => {
  stream = await startStream();
  app = await startApp(stream, {
    ALLOWED_ORIGINS: 'https://app.example,https://other.example',
    HUB_URL: '/events',
    SSE_RETRY: '1234',
  });
});
afterAll(() => app.stop());

const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(app.url + path, init);

interface ErrorBody {
  readonly statusCode: number;
  readonly message: string;
  readonly error: string;
}

describe('a stream (contract §2, §3)', () => {
  it('delivers published messages, by query and by path, and resumes by query and header', async () => {
    const byQuery = await RawSse.open(`${app.url}/events?topic=orders.new&topic=b`);
    const byPath = await RawSse.open(`${app.url}/events/orders/new`);
    await byQuery.waitForEvents(1);
    await byPath.waitForEvents(1);
    const first = await stream.publish('orders.new', '{ "n" : 1.0 }');
    const second = await stream.publish('b', 'text');
    await byQuery.waitForEvents(3);
    await byPath.waitForEvents(2);
    expect(byQuery.events.map(({ event }) => event)).toEqual(['connected', 'message', 'message']);
    expect(byQuery.events[1]?.raw).toMatch(
      new RegExp(
        `^event: message\\ndata: {"topic":"orders.new","payload":{"n":1.0},"time":"[^"]+Z"}\\nid: ${first}$`,
      ),
    );
    const resumed = await RawSse.open(`${app.url}/events?topic=b&last-id=${first}`);
    await resumed.waitForEvents(2);
    expect(resumed.events[0]).toMatchObject({ event: 'connected', id: String(first) });
    expect(JSON.parse(resumed.events[0]?.data ?? '')).toEqual({
      topics: ['b'],
      recovery: 'resumed',
    });
    expect(resumed.events[1]?.id).toBe(String(second));
    const byHeader = await RawSse.open(`${app.url}/events?topic=b&last-id=${first}`, {
      headers: { 'last-event-id': String(second) },
    });
    await byHeader.waitForEvents(1);
    expect(byHeader.events[0]?.id).toBe(String(second));
    for (const client of [byQuery, byPath, resumed, byHeader]) client.abort();
  });

  it('has the headers of an event stream, and does not reveal the software', async () => {
    const client = await RawSse.open(`${app.url}/events?topic=a`, {
      headers: { origin: 'https://app.example' },
    });
    expect(client.status).toBe(200);
    expect(client.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': expect.stringMatching(/no-cache.*no-transform/) as string,
      'x-accel-buffering': 'no',
      link: '</events>; rel="nuts"',
      vary: 'Origin',
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'Link, Retry-After',
    });
    expect(client.headers).not.toHaveProperty('content-encoding');
    expect(Object.keys(client.headers)).not.toContain('x-powered-by');
    expect(Object.keys(client.headers)).not.toContain('server');
    await client.waitForEvents(1);
    expect(client.events[0]?.retry).toBe(1234);
    client.abort();
  });

  it('ignores a malformed header, and uses the first of repeated cursors', async () => {
    const client = await RawSse.open(`${app.url}/events?topic=a&last-id=1&last-id=x`, {
      headers: { 'last-event-id': 'not a cursor' },
    });
    await client.waitForEvents(1);
    expect(client.events[0]?.id).toBe('1');
    client.abort();
  });
});

describe('client errors (contract §2)', () => {
  it.each([
    ['/events', 400, 'No topics specified'],
    ['/events?last-id=1', 400, 'No topics specified'],
    ['/events?topic=', 400, 'Invalid topic'],
    ['/events?topic=.a', 400, 'Invalid topic'],
    ['/events?topic=a.*', 400, 'Invalid topic'],
    ['/events?topic=$JS', 400, 'Invalid topic'],
    [`/events?topic=${'a'.repeat(257)}`, 400, 'Invalid topic'],
    [
      `/events?topic=${Array.from({ length: 33 }, (_, i) => `t${i}`).join('&topic=')}`,
      400,
      'Too many topics',
    ],
    ['/events?topic=a&last-id=1-0', 400, 'Invalid last-id'],
    ['/events?topic=a&last-id=18446744073709551614', 400, 'Invalid last-id'],
    ['/events?topic=a&last-id=%0a', 400, 'Invalid last-id'],
    ['/nothing', 404, 'Cannot GET /nothing'],
  ])('%s is %i %s', async (path, status, message) => {
    const answer = await ask(path, { headers: { accept: 'text/event-stream' } });
    const body = (await answer.json()) as ErrorBody;
    expect([answer.status, body.statusCode]).toEqual([status, status]);
    expect(body.message).toContain(message);
    expect(typeof body.error).toBe('string');
  });

  it('a malformed last-id is 400 even beside a valid header', async () => {
    const answer = await ask('/events?topic=a&last-id=x', { headers: { 'last-event-id': '1' } });
    expect(answer.status).toBe(400);
  });

  it('HEAD of a stream is 405', async () => {
    const answer = await ask('/events?topic=a', { method: 'HEAD' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, OPTIONS']);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is 405 with Allow', async (method) => {
    for (const path of ['/events?topic=a', '/events/livez', '/readyz', '/metrics', '/METRICS']) {
      const answer = await ask(path, { method });
      expect([path, answer.status]).toEqual([path, 405]);
      expect(answer.headers.get('allow')).toMatch(/^GET/);
      expect(await answer.json()).toEqual({
        statusCode: 405,
        message: 'Method Not Allowed',
        error: 'Method Not Allowed',
      });
    }
  });
});

describe('HEAD (contract §2)', () => {
  it.each([
    ...['/livez', '/readyz', '/healthz', '/readyz/', '/events/livez', '/events/readyz'],
    ...['/events/healthz', '/metrics', '/METRICS/'],
  ])('%s has the status and headers of GET, without a body', async (path) => {
    const origin = 'https://other.example';
    const [head, get] = await Promise.all(
      ['HEAD', 'GET'].map((method) => ask(path, { method, headers: { origin } })),
    );
    expect([head?.status, await head?.text()]).toEqual([200, '']);
    expect(await get?.text()).not.toBe('');
    // The length of the metrics differs from one scrape to the next; fetch closes after a HEAD.
    const unlike = ['date', 'content-length', 'connection', 'keep-alive'];
    const fields = (answer?: Response): unknown =>
      [...(answer?.headers ?? [])].filter(([name]) => !unlike.includes(name));
    expect(fields(head)).toEqual(fields(get));
    expect(Number(head?.headers.get('content-length'))).toBeGreaterThan(0);
  });

  it('reports that a service is not ready', async () => {
    const app = await startApp(stream, { DRAIN_DELAY: '5', DRAIN_WINDOW: '0.1' });
    void app.stop();
    for (const path of ['/readyz', '/events/healthz']) {
      expect((await fetch(app.url + path, { method: 'HEAD' })).status).toBe(503);
    }
  });
});

describe('CORS (contract §6)', () => {
  const origin = 'https://other.example';
  it.each(['/events', '/events?topic=..', '/events/livez', '/readyz', '/livez'])(
    'is on every answer: %s',
    async (path) => {
      const answer = await ask(path, { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('vary')).toContain('Origin');
      await answer.text();
    },
  );

  it('answers a preflight', async () => {
    const answer = await ask('/events/a/b', { method: 'OPTIONS', headers: { origin } });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET, OPTIONS');
    expect(answer.headers.get('access-control-allow-headers')).toBe('Cache-Control, Last-Event-ID');
  });

  it('is denied to other origins', async () => {
    const answer = await ask('/events', { headers: { origin: 'https://evil.example' } });
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
    expect(answer.headers.get('vary')).toContain('Origin');
  });
});

describe('while NATS is disconnected', () => {
  it('refuses at once: EventSource with a retry stream, others with 503', async () => {
    await stream.nats.kill();
    await until(async () => (await ask('/readyz')).status === 503);
    const started = performance.now();
    const retry = await ask('/events?topic=a&last-id=1-5', {
      headers: { accept: 'text/html, text/event-stream;q=0.9', origin: 'https://app.example' },
    });
    expect(retry.status).toBe(200);
    expect(retry.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(await retry.text()).toMatch(
      /^: JetStream not available\nid: 1-5\nretry: [2-7]\d{3}\n\n$/,
    );
    const plain = await ask('/events?topic=a');
    expect(plain.status).toBe(503);
    expect(plain.headers.get('retry-after')).toMatch(/^[3-8]$/);
    expect(((await plain.json()) as ErrorBody).message).toContain('JetStream not available');
    // One request to NATS would take 3 s to fail.
    expect(performance.now() - started).toBeLessThan(2500);
    expect((await ask('/livez')).status).toBe(200);
  });
});
