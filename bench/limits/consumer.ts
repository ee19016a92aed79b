// Limit program: bare supervised consumers that read the whole stream and count.
import { connect } from 'nats';
import { STREAM } from '../broker/messages.js';
import { followStream } from './supervised-consumer.js';

/** What to read. */
export interface ReadOrder {
  readonly consumers: number;
  readonly filter: string;
  readonly after: number;
  readonly last: number;
}

const connection = await connect({ servers: process.env['NATS_URL'] ?? '' });

async function read({ consumers, filter, after, last }: ReadOrder): Promise<number> {
  const began = performance.now();
  const readOne = (): Promise<void> =>
    followStream(connection, STREAM, filter, after, (message) => message.seq >= last);
  await Promise.all(Array.from({ length: consumers }, readOne));
  return performance.now() - began;
}

process.on('message', (order: ReadOrder | { memory: true }) => {
  if (!('consumers' in order)) return;
  void read(order).then((elapsedMs) => process.send?.({ elapsedMs }));
});
console.log('listening on http://127.0.0.1:0');
