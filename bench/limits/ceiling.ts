// Limit of the load client itself: a bare server that writes constant buffers as fast as possible.
import { createServer } from 'node:http';
import { payloadOf } from '../broker/messages.js';
import { announce } from './announce.js';

const FRAMES_A_WRITE = 200;

/** Frames of the burst scenario, all with one ID: this measures how fast they can be counted. */
function frames(): Buffer {
  const payload = payloadOf(200).toString();
  const data = `{"topic":"bench.common","payload":${payload},"time":"2026-01-01T12:00:00.123456789Z"}`;
  return Buffer.from(`event: message\ndata: ${data}\nid: 1234567\n\n`.repeat(FRAMES_A_WRITE));
}

const block = frames();
const server = createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write('event: connected\ndata: {}\nid: 1\n\n');
  const fill = (): void => {
    if (response.destroyed) return;
    if (response.write(block)) setImmediate(fill);
    else response.once('drain', fill);
  };
  fill();
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => announce(server));
