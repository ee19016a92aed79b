// Limit program: a bare `http` server that asks with `nc.request`, and answers with the reply.
import { createServer } from 'node:http';
import { connect } from 'nats';
import { announce } from './announce.js';

const connection = await connect({ servers: process.env['NATS_URL'] ?? '' });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const subject = (request.url ?? '').slice(1).replaceAll('/', '.');
    void connection.request(subject, Buffer.concat(chunks)).then(({ data }) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(data);
    });
  });
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => announce(server));
