import { connect } from 'node:net';
import { once } from 'node:events';
import type { Msg } from 'nats';
import { RawSse } from '../../support/raw-sse.js';
import { until } from '../../support/until.js';
import { type RequestsApp, servicesRig } from './requests-rig.js';

const rig = servicesRig();

async function nothingIsLeft(app: RequestsApp, before: number): Promise<void> {
  await until(() => app.service.openRequests === 0, {
    what: () => `no open request; there are ${app.service.openRequests}`,
  });
  await until(async () => (await rig.subscriptions()) <= before, { what: 'no subscription left' });
}

describe('a client that disconnects', () => {
  it.each([
    ['while its service works', 'application/json', ''],
    ['before the first reply of a stream', 'text/event-stream', ''],
    ['after a reply', 'text/event-stream', 'x'],
  ])('%s ends the subscription', async (_when, accept, body) => {
    const messages: Msg[] = [];
    rig.serve('services.slow', (message) => {
      messages.push(message);
      if (message.data.length > 0) message.respond('1');
    });
    const app = await rig.start({ requestTimeoutMs: 60_000 });
    const before = await rig.subscriptions();
    const port = new URL(app.url).port;
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write(
      `POST /services/slow HTTP/1.1\r\nHost: x\r\nAccept: ${accept}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => messages.length === 1);
    if (body !== '') await until(() => socket.bytesRead > 0);
    expect(await rig.subscriptions()).toBe(before + 1);
    socket.destroy();
    await nothingIsLeft(app, before);
  });

  it('at any moment leaves nothing behind', async () => {
    rig.serve('services.some', (message) => {
      for (let i = 0; i < 50; i += 1) message.respond(`${i}`);
      if (message.data.length > 0) message.respond('');
    });
    const app = await rig.start({ maxRequests: 1000, requestTimeoutMs: 60_000 });
    const before = await rig.subscriptions();
    const port = Number(new URL(app.url).port);
    for (let i = 0; i < 150; i += 1) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      await once(socket, 'connect');
      const accept = i % 3 === 0 ? 'application/json' : 'text/event-stream';
      const length = i % 5 === 0 ? 100 : 1;
      socket.write(
        `POST /services/some HTTP/1.1\r\nHost: x\r\nAccept: ${accept}\r\nContent-Length: ${length}\r\n\r\nx`,
      );
      // From immediately to well after the first replies.
      for (let turns = i % 15; turns > 0; turns -= 1) await new Promise(setImmediate);
      socket.destroy();
    }
    await nothingIsLeft(app, before);
  });

  it('while requests are pipelined on its connection leaves nothing behind', async () => {
    rig.serve('services.slow', () => undefined);
    const app = await rig.start({ maxRequests: 1000, requestTimeoutMs: 60_000 });
    const before = await rig.subscriptions();
    for (const accept of ['application/json', 'text/event-stream']) {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
      socket.on('error', () => undefined).resume();
      const body = 'x'.repeat(200_000);
      const request = `POST /services/slow HTTP/1.1\r\nHost: x\r\nAccept: ${accept}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      socket.write(request);
      await until(async () => (await rig.subscriptions()) === before + 1);
      if (accept === 'text/event-stream') socket.write(request.repeat(3));
      expect(app.service.openRequests).toBe(1);
      socket.destroy();
      await nothingIsLeft(app, before);
    }
  });
});

describe('a client that does not read', () => {
  it('holds no more than its limits, and receives the reason why its stream ended', async () => {
    let sent = 0;
    let flood: NodeJS.Timeout | undefined;
    rig.serve('services.flood', (message) => {
      const payload = 'x'.repeat(50_000);
      flood = setInterval(() => {
        for (let i = 0; i < 10; i += 1) sent += Number(message.respond(payload));
      }, 1);
    });
    const app = await rig.start({ clientBufferSize: 8 });
    const before = await rig.subscriptions();
    const stream = await app.stream('/services/flood', '', { paused: true });
    // The kernel buffers some megabytes; then the limits are reached.
    await until(async () => (await rig.subscriptions()) <= before);
    clearInterval(flood);
    // Unread data is still in memory.
    expect(app.service.openRequests).toBe(1);
    stream.resume();
    expect(await stream.ended()).toBe('end');
    await nothingIsLeft(app, before);
    const last = stream.events.at(-1);
    expect([last?.event, JSON.parse(last?.data ?? '')]).toEqual([
      'failed',
      { code: 408, message: 'slow_client' },
    ]);
    const ids = stream.events.slice(0, -1).map(({ id }) => Number(id));
    expect(ids).toEqual(ids.map((_id, index) => index + 1));
    expect(ids.length).toBeLessThan(sent);
  });

  it('is disconnected if it does not read the end either', async () => {
    let flood: NodeJS.Timeout | undefined;
    rig.serve('services.flood', (message) => {
      flood = setInterval(() => message.respond('x'.repeat(500_000)), 1);
    });
    const app = await rig.start({ writeTimeoutMs: 200 });
    const server = app.app.getHttpServer();
    const connections = (): Promise<number> =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      );
    const stream = await app.stream('/services/flood', '', { paused: true });
    await until(async () => (await connections()) === 0);
    clearInterval(flood);
    stream.abort();
  });
});

it('open requests are answered with the reason when the application ends', async () => {
  const messages: Msg[] = [];
  rig.serve('services.slow', (message) => {
    messages.push(message);
    message.respond('1');
  });
  const app = await rig.start();
  const stream = await app.stream('/services/slow');
  await stream.waitForEvents(1);
  const closed = app.app.close();
  await stream.ended();
  expect(stream.events.at(-1)?.data).toBe('{"code":503,"message":"Shutting down"}');
  await closed;
});

it('requests pipelined behind a stream are refused and hold nothing', async () => {
  rig.serve('services.slow', (message) => message.respond('1'));
  const app = await rig.start();
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  const ask =
    'POST /services/slow HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Length: 0\r\n\r\n';
  socket.write(ask);
  await until(() => received.includes('event: reply'));
  socket.write(ask.repeat(5));
  await new Promise(setImmediate);
  expect(app.service.openRequests).toBe(1);
  socket.destroy();
  await until(() => app.service.openRequests === 0);
});

it('one small request waits behind an answer; later or larger ones are refused', async () => {
  const messages: Msg[] = [];
  rig.serve('services.slow', (message) => messages.push(message));
  const app = await rig.start();
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  const statuses = (): string[] =>
    [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, s = '']) => s);
  const ask = (bytes: number): string =>
    `POST /services/slow HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`;
  socket.write(ask(0) + ask(10) + ask(10));
  await until(() => messages.length === 1);
  messages[0]?.respond('1');
  await until(() => messages.length === 2);
  expect(app.service.openRequests).toBe(1);
  messages[1]?.respond('2');
  await until(() => statuses().length === 3);
  expect(statuses()).toEqual(['200', '200', '400']);
  socket.destroy();

  const other = connect(Number(new URL(app.url).port), '127.0.0.1').resume();
  other.on('error', () => undefined).write(ask(0) + ask(1_000_000).repeat(2));
  await until(() => messages.length === 3);
  other.destroy();
  await until(() => app.service.openRequests === 0);
});

it('a stream can follow an answer on the same connection', async () => {
  rig.serve('services.a', (message) => {
    message.respond('1');
    message.respond('');
  });
  const app = await rig.start();
  for (let i = 0; i < 3; i += 1) {
    expect((await app.ask('/services/a')).body).toBe('1');
    const stream = await RawSse.open(`${app.url}/services/a`, {
      method: 'POST',
      headers: { accept: 'text/event-stream' },
    });
    await stream.ended();
    expect(stream.events).toHaveLength(2);
  }
});
