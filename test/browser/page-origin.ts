import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { disposeAtEnd } from '../support/disposal.js';

const PAGE = join(process.cwd(), 'test', 'browser', 'pages', 'plain.html');

/**
 * Serves the plain page on a free port, and returns the origin: another one than the service's, of
 * the same site (cookies count no ports). Ends with the test file.
 */
export async function startPageOrigin(): Promise<string> {
  const page = readFileSync(PAGE);
  const server = createServer((request, response) => {
    const found = request.url === '/' || request.url?.startsWith('/?');
    response.writeHead(found ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(found ? page : 'not found');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  disposeAtEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
