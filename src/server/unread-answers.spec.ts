import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { boundPipelines } from './bounded-pipelines.js';
import { UnreadAnswers } from './unread-answers.js';

/** More than the kernel buffers for a client that does not read. */
const LARGE = Buffer.alloc(32 * 1024 * 1024, 'x');
const TIMEOUT_MS = 300;
const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

let unread: UnreadAnswers;
let server: Server;
let client: Socket;

async function ask(application: RequestListener, timeoutMs = TIMEOUT_MS): Promise<void> {
  unread = new UnreadAnswers(timeoutMs);
  server = createServer(boundPipelines(application, unread)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined).pause();
  client.write(REQUEST);
}

afterEach(() => {
  client.destroy();
  server.close();
});

describe('UnreadAnswers', () => {
  it.each([
    ['sends nothing', undefined],
    ['sends blank lines', '\r\n'],
    ['sends further requests', REQUEST],
  ])('disconnects a client that does not read, and %s', async (_name, drop) => {
    let closed: Promise<unknown> | undefined;
    const began = performance.now();
    await ask((_request, response) => {
      closed ??= once(response, 'close');
      response.end(LARGE);
    });
    const drops = setInterval(() => drop === undefined || client.write(drop), TIMEOUT_MS / 3);
    await once(server, 'request');
    await closed;
    clearInterval(drops);
    expect(performance.now() - began).toBeGreaterThan(TIMEOUT_MS);
    expect(unread.size).toBe(0);
  });

  it('also one whose answer is not complete', async () => {
    let closed: Promise<unknown> | undefined;
    await ask((_request, response) => {
      closed = once(response, 'close');
      response.write(LARGE);
    });
    await once(server, 'request');
    await closed;
    expect(unread.size).toBe(0);
  });

  it('leaves a client that reads slowly', async () => {
    const body = LARGE.subarray(0, 16 * 1024 * 1024);
    let isFinished = false;
    // Longer than the pauses of a busy machine.
    const timeoutMs = 600;
    await ask((_request, response) => {
      response.once('finish', () => (isFinished = true)).end(body);
    }, timeoutMs);
    const began = performance.now();
    let read = 0;
    // 8 MB/s: three times the timeout and more.
    const reading = setInterval(() => {
      const due = ((performance.now() - began) / 1000) * 8e6;
      while (read < due) {
        const part = client.read() as Buffer | null;
        if (part === null) break;
        read += part.length;
      }
    }, 10);
    await once(
      client.on('readable', () => undefined),
      'readable',
    );
    while (read < body.length && !client.destroyed)
      await new Promise((next) => setTimeout(next, 20));
    clearInterval(reading);
    expect(isFinished).toBe(true);
    expect(read).toBeGreaterThanOrEqual(body.length);
    expect(performance.now() - began).toBeGreaterThan(3 * timeoutMs);
  });

  it('leaves an answer that is still being made, and event streams', async () => {
    let streams = 0;
    await ask((_request, response) => {
      if (streams++ > 0) return;
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(LARGE);
    });
    await once(server, 'request');
    const other = connect((server.address() as AddressInfo).port, '127.0.0.1');
    other.write(REQUEST);
    await once(server, 'request');
    expect(unread.size).toBe(2);
    await new Promise((over) => setTimeout(over, 3 * TIMEOUT_MS));
    expect([client.closed, other.closed]).toEqual([false, false]);
    // The one that is being rendered.
    expect(unread.size).toBe(1);
    other.destroy();
  });
});
