import { NatsReadError, type NatsClient, type StoredMessage } from '@nuts/nats';
import { readThrough } from './read-through.js';

/** A part of a stream. */
export interface StreamRange {
  readonly stream: string;
  /** NATS subject filter. */
  readonly filter: string;
  readonly from: number;
  /** The last sequence; it must have been stored before the call. */
  readonly through: number;
}

/**
 * Reads which messages of a range the stream holds, headers only and in order, with a short-lived consumer.
 * Rejects with a `NatsReadError`.
 */
export async function readRetained(
  client: NatsClient,
  range: StreamRange,
): Promise<StoredMessage[]> {
  if ((await lastRetained(client, range)) < range.from) return [];
  try {
    return await readByConsumer(client, range);
  } catch (error) {
    // The stream accepts no more consumers. Single lookups are slower, with the same result.
    const isFull = error instanceof NatsReadError && error.kind === 'consumer_limit';
    if (!isFull) throw error;
    return readByLookups(client, range);
  }
}

async function readByConsumer(client: NatsClient, range: StreamRange): Promise<StoredMessage[]> {
  const { stream, filter, from, through } = range;
  const retained: StoredMessage[] = [];
  const reader = await client.openPull({
    stream,
    start: { sequence: from },
    filters: [filter],
    headersOnly: true,
  });
  try {
    await readThrough(reader, {
      through,
      last: () => lastRetained(client, range),
      take: ({ sequence, subject, timeNanos }) => {
        if (sequence <= through) retained.push({ sequence, subject, timeNanos });
        return true;
      },
    });
    return retained;
  } finally {
    void reader.close();
  }
}

async function readByLookups(client: NatsClient, range: StreamRange): Promise<StoredMessage[]> {
  const { stream, filter, from, through } = range;
  const retained: StoredMessage[] = [];
  for (let next = from; next <= through;) {
    const message = await client.nextMessage(stream, next, filter);
    if (message === undefined || message.sequence > through) break;
    retained.push(message);
    next = message.sequence + 1;
  }
  return retained;
}

/** The last retained message of the range's filter; 0 if there is none. */
async function lastRetained(client: NatsClient, range: StreamRange): Promise<number> {
  return (await client.lastMessage(range.stream, range.filter))?.sequence ?? 0;
}
