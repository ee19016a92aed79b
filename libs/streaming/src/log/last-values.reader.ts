import type { NatsClient, StreamFacts, StreamMessage } from '@nuts/nats';
import { readThrough } from './read-through.js';

/** Bytes of payloads asked for at once. */
const PULL_BYTES = 1024 * 1024;

/** Which last values are read. */
export interface LastValuesRead {
  readonly stream: string;
  /** NATS subject filters, few: each costs a lookup. What comes wider is for the caller to leave out. */
  readonly filters: readonly string[];
  readonly headersOnly: boolean;
  /** With more subjects than this, nothing is read. */
  readonly most: number;
  /** Facts of the stream, read after this is called. */
  facts(): Promise<StreamFacts>;
  /** @returns false when it is too much */
  take(message: StreamMessage): boolean;
}

/**
 * Reads the newest message of each subject, by a short-lived consumer. The stream's end, read once the
 * consumer was made, is where the answer holds: up to there, a message that is not given was replaced or
 * removed. Messages behind it are left out. Rejects with a `NatsReadError`.
 *
 * @returns the facts with that end; undefined when it was too much
 */
export async function readLastValues(
  client: NatsClient,
  read: LastValuesRead,
): Promise<StreamFacts | undefined> {
  const { stream, filters, headersOnly, most } = read;
  const start = { lastPerSubject: true } as const;
  const reader = await client.openPull({ stream, start, filters, headersOnly });
  try {
    if ((reader.pending ?? 0) > most) return undefined;
    const facts = await read.facts();
    const through = facts.lastSequence;
    const isRead = await readThrough(reader, {
      through,
      ...(!headersOnly && { maxBytes: PULL_BYTES }),
      last: () => newestOf(client, stream, filters),
      take: (message) => message.sequence > through || read.take(message),
    });
    return isRead ? facts : undefined;
  } finally {
    void reader.close();
  }
}

async function newestOf(
  client: NatsClient,
  stream: string,
  filters: readonly string[],
): Promise<number> {
  const found = await Promise.all(filters.map((filter) => client.lastMessage(stream, filter)));
  return Math.max(0, ...found.map((message) => message?.sequence ?? 0));
}
