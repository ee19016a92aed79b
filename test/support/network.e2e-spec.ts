import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { disposeAtEnd } from './disposal.js';
import { EventSourceClient } from './event-source.js';
import { RawSse } from './raw-sse.js';
import { TcpProxy } from './tcp-proxy.js';
import { until } from './until.js';

/** A stream of ten numbers per second that resumes after `Last-Event-ID`. */
function count(request: IncomingMessage, response: ServerResponse): void {
  let id = Number(request.headers['last-event-id'] ?? 0);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`: hello\nretry: 20\nid: ${id}\n\n`);
  const timer = setInterval(() => {
    id += 1;
    response.write(`event: message\ndata: ${id}\nid: ${id}\n\n`);
  }, 10);
  response.once('close', () => clearInterval(timer));
}

async function startCounter(): Promise<TcpProxy> {
  const server = createServer(count).listen(0, '127.0.0.1');
  await once(server, 'listening');
  disposeAtEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return TcpProxy.start((server.address() as AddressInfo).port);
}

describe('the clients and the proxy of the tests', () => {
  let proxy: TcpProxy;
  beforeAll(async () => {
    proxy = await startCounter();
  });

  it('an EventSource reconnects and resumes by itself', async () => {
    const client = new EventSourceClient(proxy.url());
    await client.waitFor(3);
    proxy.dropConnections();
    await until(() => client.opens === 2);
    const seen = client.ids.length;
    await client.waitFor(seen + 3);
    expect(client.ids).toEqual(client.ids.map((_, index) => String(index + 1)));
    expect(client.sentIds[1]).toBe(client.ids[Number(client.sentIds[1]) - 1]);
    client.close();
  });

  it('a raw reader sees frames as they were sent', async () => {
    const stream = await RawSse.open(proxy.url());
    await stream.waitForEvents(2);
    expect(stream.headers['content-type']).toBe('text/event-stream');
    expect(stream.frames[0]).toEqual({
      raw: ': hello\nretry: 20\nid: 0',
      comment: 'hello',
      retry: 20,
      id: '0',
    });
    expect(stream.frames[1]).toMatchObject({ event: 'message', data: '1', id: '1' });
    proxy.dropConnections();
    expect(await stream.ended()).toBe('cut');
  });

  it('a black hole delays, and a cut refuses', async () => {
    const stream = await RawSse.open(proxy.url());
    await stream.waitForEvents(1);
    proxy.blackHole();
    const late = RawSse.open(proxy.url());
    await until(() => proxy.connections === 2);
    const seen = stream.events.length;
    proxy.restore();
    await stream.waitForEvents(seen + 1);
    await (await late).waitForEvents(1);
    proxy.cut();
    await expect(RawSse.open(proxy.url())).rejects.toThrow(/ECONNRESET|socket hang up/);
    proxy.restore();
    (await RawSse.open(proxy.url())).abort();
  });

  it('a slow reader does not exceed its rate', async () => {
    const stream = await RawSse.open(proxy.url(), { paused: true });
    const stop = stream.readSlowly(400);
    await stream.waitForEvents(1);
    expect(stream.body.length).toBeLessThan(200);
    stop();
    stream.abort();
    expect(await stream.ended()).toBe('aborted');
  });
});
