// Limit program: a bare `http` server that publishes each body with the `nats` client.
import { createServer } from 'node:http';
import { connect } from 'nats';
import { announce } from './announce.js';

const connection = await connect({ servers: process.env['NATS_URL'] ?? '' });
const stream = connection.jetstream();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const topic = new URL(request.url ?? '', 'http://limit').searchParams.get('topic') ?? '';
    void stream.publish(topic, Buffer.concat(chunks)).then(({ seq, duplicate }) => {
      response.writeHead(201, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ id: String(seq), topic, duplicate }));
    });
  });
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => announce(server));
