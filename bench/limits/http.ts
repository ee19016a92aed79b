// Limit program: a bare `http` server that joins frames once a tick and writes shared Buffers.
import { createServer } from 'node:http';
import { announce } from './announce.js';
import { connectedFrame } from './limit-frame.js';
import { cursorOf, readStream } from './limit-reader.js';

const fanOut = await readStream();

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://limit');
  const topics = searchParams.getAll('topic');
  const after = cursorOf(request.headers['last-event-id']);
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  response.write(connectedFrame(topics, after ?? fanOut.newest));
  fanOut.join(topics, after, response);
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => announce(server));
