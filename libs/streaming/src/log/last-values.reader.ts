import type { NatsClient, StreamFacts, StreamMessage } from '@nuts/nats';
import { readThrough } from './read-through.js';

/** Payload bytes per pull request. */
const PULL_BYTES = 1024 * 1024;

/** Which last values to read. */
export interface LastValuesRead {
  readonly stream: string;
  /**
   * NATS subject filters. Use few: each costs a lookup. They may match more than wanted; the caller skips
   * the rest.
   */
  readonly filters: readonly string[];
  readonly headersOnly: boolean;
  /** If there are more subjects, nothing is read. */
  readonly most: number;
  /** Reads stream info after this call. */
  facts(): Promise<StreamFacts>;
  /** @returns false to stop the read */
  take(message: StreamMessage): boolean;
}

/**
 * Reads the newest message of each subject with a short-lived consumer. The result holds for the stream's
 * end, which is read after the consumer was created: a message up to there that is not delivered was
 * replaced or removed. Later messages are skipped. Rejects with a `NatsReadError`.
 *
 * @returns stream info with that end; undefined if the read was stopped
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
