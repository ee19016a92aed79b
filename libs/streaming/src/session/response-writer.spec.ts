import { once } from 'node:events';
import {
  createServer,
  get,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../../../../test/support/until.js';
import { Segment } from '../channel/segment.js';
import { ResponseWriter } from './response-writer.js';

const segmentOf = (count: number, bytes = 1): Segment =>
  Segment.join(
    Array.from({ length: count }, (_, index) => ({
      sequence: index + 1,
      bytes: Buffer.alloc(bytes),
      isGap: false,
    })),
    count,
  );

describe('ResponseWriter', () => {
  const room = (writer: ResponseWriter): number => writer.fit(segmentOf(100)).frames;
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

  it('counts after a foreign write that drops the callback', async () => {
    const write = response.write.bind(response);
    const seen: string[] = [];
    response.write = ((chunk: Buffer) => {
      seen.push(chunk.toString());
      write(chunk, 'utf8');
    }) as unknown as ServerResponse['write'];
    const writer = new ResponseWriter(response, { maxFrames: 3, maxBytes: 1000 });
    writer.write(Buffer.from('one'), 3);
    expect([room(writer), writer.isIdle]).toEqual([0, false]);
    await new Promise<void>((resolve) => writer.whenIdle(resolve));
    expect([room(writer), writer.isIdle]).toEqual([3, true]);
    expect(seen).toEqual(['one']);
  });

  it('counts frames and bytes until the kernel has them, then calls back', async () => {
    const writer = new ResponseWriter(response, { maxFrames: 3, maxBytes: 1000 });
    expect([room(writer), writer.isIdle]).toEqual([3, true]);
    writer.write(Buffer.from('one'), 1);
    writer.write(Buffer.from('two'), 2);
    expect([room(writer), writer.isIdle]).toEqual([0, false]);
    await new Promise<void>((resolve) => writer.whenIdle(resolve));
    expect([room(writer), writer.isIdle]).toEqual([3, true]);
  });

  it('accepts a whole shared segment while nothing is being sent', () => {
    const writer = new ResponseWriter(response, { maxFrames: 3, maxBytes: 1000 });
    expect(writer.fit(segmentOf(9)).frames).toBe(3);
    expect(writer.fitShared(segmentOf(9)).frames).toBe(9);
    writer.write(Buffer.alloc(9), 9);
    expect(writer.fitShared(segmentOf(9)).frames).toBe(0);
  });

  it('is full at its limit of bytes, whatever the number of frames', () => {
    const writer = new ResponseWriter(response, { maxFrames: 100, maxBytes: 10 });
    expect(writer.fit(segmentOf(1, 50)).frames).toBe(1);
    writer.write(Buffer.alloc(8), 1);
    expect(writer.fit(segmentOf(1, 2)).frames).toBe(1);
    expect(writer.fit(segmentOf(1, 3)).frames).toBe(0);
  });

  it('stays full while its client reads nothing', async () => {
    client.pause();
    const writer = new ResponseWriter(response, { maxFrames: 1000, maxBytes: 256 * 1024 });
    let rounds = 0;
    let called = true;
    while (called) {
      for (let writes = 0; room(writer) > 0; writes++) {
        expect(writes).toBeLessThan(100);
        writer.write(Buffer.alloc(64 * 1024), 1);
      }
      called = false;
      const idle = new Promise<void>((resolve) =>
        writer.whenIdle(() => {
          called = true;
          resolve();
        }),
      );
      await Promise.race([idle, new Promise((resolve) => setTimeout(resolve, 300))]);
      rounds += 1;
      expect(rounds).toBeLessThan(1000);
    }
    expect(room(writer)).toBe(0);
    client.resume();
    await until(() => called);
    expect(room(writer)).toBeGreaterThan(0);
  });

  it('writes nothing to a response that has ended, and does not call a released callback', async () => {
    const writer = new ResponseWriter(response, { maxFrames: 1, maxBytes: 10 });
    let called = false;
    writer.write(Buffer.from('x'), 1);
    writer.whenIdle(() => (called = true));
    writer.release();
    response.end();
    writer.write(Buffer.from('y'), 1);
    let body = '';
    client.setEncoding('utf8').on('data', (text: string) => (body += text));
    await once(client, 'end');
    expect([body, called]).toEqual(['x', false]);
  });
});
