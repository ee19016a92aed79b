import { once } from 'node:events';
import {
  createServer,
  get,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { ResponseWriter } from './response-writer.js';

describe('ResponseWriter', () => {
  let server: Server;
  let response: ServerResponse;
  let client: IncomingMessage;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const asked = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    response.flushHeaders();
    [client] = (await once(asked, 'response')) as [IncomingMessage];
  });
  afterEach(() => {
    response.destroy();
    server.close();
  });

  it('counts frames and bytes until the kernel has them, then calls back', async () => {
    const writer = new ResponseWriter(response, { maxFrames: 3, maxBytes: 1000 });
    expect([writer.room, writer.isIdle]).toEqual([3, true]);
    writer.write(Buffer.from('one'), 1);
    writer.write(Buffer.from('two'), 2);
    expect([writer.room, writer.isIdle]).toEqual([0, false]);
    await new Promise<void>((resolve) => writer.whenRoom(resolve));
    expect([writer.room, writer.isIdle]).toEqual([3, true]);
  });

  it('is full at its bound of bytes, whatever the number of frames', () => {
    const writer = new ResponseWriter(response, { maxFrames: 100, maxBytes: 10 });
    writer.write(Buffer.alloc(10), 1);
    expect(writer.room).toBe(0);
  });

  it('stays full while its client reads nothing', async () => {
    client.pause();
    const writer = new ResponseWriter(response, { maxFrames: 1000, maxBytes: 256 * 1024 });
    let rounds = 0;
    let called = true;
    while (called) {
      while (writer.room > 0) writer.write(Buffer.alloc(64 * 1024), 1);
      called = false;
      const room = new Promise<void>((resolve) =>
        writer.whenRoom(() => {
          called = true;
          resolve();
        }),
      );
      await Promise.race([room, new Promise((resolve) => setTimeout(resolve, 300))]);
      rounds += 1;
      expect(rounds).toBeLessThan(1000);
    }
    expect(writer.room).toBe(0);
    client.resume();
    while (!called) await once(client, 'data');
    expect(writer.room).toBeGreaterThan(0);
  });

  it('writes nothing into a response that has ended, and calls nobody it forgot', async () => {
    const writer = new ResponseWriter(response, { maxFrames: 1, maxBytes: 10 });
    let called = false;
    writer.write(Buffer.from('x'), 1);
    writer.whenRoom(() => (called = true));
    writer.release();
    response.end();
    writer.write(Buffer.from('y'), 1);
    let body = '';
    client.setEncoding('utf8').on('data', (text: string) => (body += text));
    await once(client, 'end');
    expect([body, called]).toEqual(['x', false]);
  });
});
