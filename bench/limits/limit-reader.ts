import { connect } from 'nats';
import { STREAM, SUBJECTS } from '../broker/messages.js';
import { FanOut } from './fan-out.js';
import { followStream } from './supervised-consumer.js';

/** Messages before the stream's end that a limit program has in memory when it starts listening. */
const HISTORY = 8192;

/** Reads the stream into a fan-out; resolves when it has caught up with the stream's end. */
export async function readStream(): Promise<FanOut> {
  const connection = await connect({ servers: process.env['NATS_URL'] ?? '' });
  const manager = await connection.jetstreamManager();
  const { state } = await manager.streams.info(STREAM);
  const fanOut = new FanOut();
  const start = Math.max(state.last_seq - HISTORY, state.first_seq - 1);
  const isThere = state.messages === 0;
  await new Promise<void>((resolve, reject) => {
    if (isThere) resolve();
    followStream(connection, STREAM, SUBJECTS, start, (message) => {
      fanOut.take(message);
      if (message.seq >= state.last_seq) resolve();
      return false;
    }).catch(reject);
  });
  fanOut.newest = state.last_seq;
  return fanOut;
}

/** The cursor of a request. */
export function cursorOf(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' ? Number(header) : undefined;
}
