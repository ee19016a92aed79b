// Serves the page in this folder on a free local port.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const service = process.argv[2] ?? 'http://localhost:8080';
const page = readFileSync(new URL('index.html', import.meta.url));

const server = createServer((request, response) => {
  const found = new URL(request.url, 'http://localhost').pathname === '/';
  response.writeHead(found ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
  response.end(found ? page : 'not found');
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address();
  console.log(`http://localhost:${port}/?service=${encodeURIComponent(service)}`);
});
