import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { responseSent } from './response-sent.js';

/** More than the kernel buffers for a client that does not read. */
const LARGE = Buffer.alloc(64 * 1024 * 1024, 'x');

let server: Server;
let client: Socket;

async function answered(): Promise<ServerResponse> {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  return response;
}

afterEach(() => {
  client.destroy();
  server.close();
});

describe('responseSent', () => {
  it.each([
    ['sends nothing', ''],
    ['sends blank lines', '\r\n'],
  ])('disconnects a client that does not read, and %s', async (_name, drop) => {
    const response = await answered();
    client.pause();
    response.end(LARGE);
    const began = performance.now();
    const drops = setInterval(() => client.write(drop), 50);
    expect(await responseSent(response, 200)).toBe(false);
    clearInterval(drops);
    expect(performance.now() - began).toBeGreaterThan(150);
    expect(response.destroyed).toBe(true);
  });

  it('waits for a client that reads slowly', async () => {
    const response = await answered();
    let read = 0;
    client.on('data', (chunk) => {
      read += chunk.length;
      client.pause();
      setTimeout(() => client.resume(), 1);
    });
    response.end(LARGE.subarray(0, 16 * 1024 * 1024));
    expect(await responseSent(response, 500)).toBe(true);
    expect(read).toBeGreaterThan(0);
  });

  it('does not wait for a client that has left or has received everything', async () => {
    const response = await answered();
    client.resume();
    response.end('small');
    expect(await responseSent(response)).toBe(true);
    expect(await responseSent(response)).toBe(true);
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [, second] = (await once(server, 'request')) as [unknown, ServerResponse];
    client.pause();
    second.end(LARGE);
    setImmediate(() => client.destroy());
    expect(await responseSent(second)).toBe(false);
  });
});
