// Serves the page on a free local port.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const service = process.argv[2] ?? 'http://localhost:8080';
const read = (name) => readFileSync(new URL(`page/${name}`, import.meta.url));
const files = new Map([
  ['/', { type: 'text/html; charset=utf-8', text: read('index.html') }],
  ['/plant.js', { type: 'text/javascript; charset=utf-8', text: read('plant.js') }],
]);

const server = createServer((request, response) => {
  const found = files.get(new URL(request.url, 'http://localhost').pathname);
  response.writeHead(found ? 200 : 404, { 'content-type': found?.type ?? 'text/plain' });
  response.end(found?.text ?? 'not found');
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address();
  console.log(`http://localhost:${port}/?service=${encodeURIComponent(service)}`);
});
