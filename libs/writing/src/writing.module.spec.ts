import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { WriteRules } from './write-rules.js';
import { startWriting, type WritingApp } from './writing.fixture.js';

let running: WritingApp | undefined;
afterEach(async () => {
  await running?.app.close();
  running = undefined;
});

async function start(rules: Partial<WriteRules> = {}): Promise<WritingApp> {
  return (running = await startWriting(rules));
}

async function post(
  { url }: WritingApp,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const answer = await fetch(`${url}/write`, { method: 'POST', body, headers });
  return { status: answer.status, body: await answer.json(), headers: answer.headers };
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5);
}

describe('a body', () => {
  it.each([
    ['application/json', '{"n": 1.0}'],
    ['application/json', 'not json'],
    ['application/x-www-form-urlencoded', 'a=b&c'],
    ['application/octet-stream', ''],
  ])('of %s reaches the route byte for byte in spite of body parsers', async (type, body) => {
    const app = await start();
    const answer = await post(app, body, { 'content-type': type });
    expect(answer.body).toEqual({ body: Buffer.from(body).toString('base64') });
  });

  it('of another route is parsed as usual', async () => {
    const app = await start();
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${app.url}/parse`, { method: 'POST', body: '{"a":1}', headers });
    expect(await answer.json()).toEqual({ parsed: { a: 1 } });
  });

  it('may have the size of the limit, and not one byte more', async () => {
    const app = await start();
    expect((await post(app, new Uint8Array(1000))).status).toBe(201);
    const { status, body } = await post(app, new Uint8Array(1001));
    expect([status, body]).toMatchObject([413, { message: 'The body exceeds 1000 bytes' }]);
    expect(app.bytesRead).toBe(1000);
  });

  it('far above the limit still gets its answer', async () => {
    const app = await start();
    for (let i = 0; i < 20; i += 1) {
      expect((await post(app, new Uint8Array(4_000_000))).status).toBe(413);
    }
    expect(app.bytesRead).toBe(0);
  });

  it('without a length is read up to the limit, and the rest is not', async () => {
    const app = await start();
    const socket = connect(app.port, '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => (received += text));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write('POST /write HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const closed = once(socket, 'close');
    for (let i = 0; i < 200; i += 1) socket.write(chunk);
    await closed;
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
    expect(received).toMatch(/^connection: close/im);
    expect(app.bytesRead).toBeLessThan(512 * 1024);
  });

  it('that its client does not complete ends the read', async () => {
    const app = await start();
    const socket = connect(app.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write('POST /write HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    await waitFor(() => app.bytesRead === 4);
    socket.destroy();
    await waitFor(() => app.incomplete === 1);
  });
});

describe('another site', () => {
  const foreign = { origin: 'https://evil.example' };

  it('cannot use a cookie', async () => {
    const app = await start();
    const { status, body } = await post(app, '', { ...foreign, cookie: 'session=1' });
    expect([status, body]).toMatchObject([
      403,
      { message: 'Cross-site request refused: cookies are accepted only from allowed origins' },
    ]);
    expect(app.bytesRead).toBe(0);
  });

  it('can if it is an allowed origin, or has its own token', async () => {
    const app = await start();
    const listed = { origin: 'https://app.example', cookie: 'session=1' };
    expect((await post(app, '', listed)).status).toBe(201);
    expect((await post(app, '', { ...foreign, authorization: 'Bearer a' })).status).toBe(201);
  });

  it('cannot use a cookie that identifies a user even if everyone may write', async () => {
    const app = await start({ anonymous: true });
    const cookie = { ...foreign, cookie: 'session=1' };
    expect((await post(app, '', cookie)).status).toBe(201);
    expect((await post(app, '', { ...cookie, 'x-user': 'user-7' })).status).toBe(403);
  });
});

describe('a rate limit', () => {
  /** Sends many at once; the time that this takes may refill a bucket a little. */
  async function flood(app: WritingApp, headers: Record<string, string>): Promise<number[]> {
    const all = Array.from({ length: 20 }, () => post(app, '', headers));
    return (await Promise.all(all)).map(({ status }) => status).sort();
  }

  it('applies to each subject, with Retry-After', async () => {
    const app = await start({ rate: 1 });
    for (const user of ['a', 'b']) {
      const statuses = await flood(app, { 'x-user': user });
      expect(statuses.slice(0, 2)).toEqual([201, 201]);
      expect(statuses.slice(-10)).toEqual(Array(10).fill(429));
    }
    const { body, headers } = await post(app, '', { 'x-user': 'a' });
    expect(body).toEqual({
      statusCode: 429,
      message: 'Rate limit exceeded',
      error: 'Too Many Requests',
    });
    expect(headers.get('retry-after')).toBe('1');
  });

  it('applies to the address of clients without a subject', async () => {
    const app = await start({ rate: 1, anonymous: true });
    expect((await flood(app, {})).slice(-10)).toEqual(Array(10).fill(429));
  });
});
