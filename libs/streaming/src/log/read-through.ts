import { NatsReadError, type PullReader, type StreamMessage } from '@nuts/nats';

/** Messages per pull request; live messages wait for at most one such batch. */
const PULL_MESSAGES = 1000;
/** An empty pull proves nothing, so it is repeated: pause in ms, and number of attempts. */
const DRY_PAUSE_MS = 25;
const DRY_PULLS = 40;

/** A read with an end. */
export interface BoundedRead {
  /** The last wanted sequence; it was stored before the call. */
  readonly through: number;
  /** Bytes per pull request; 0 = no limit. Default 0. */
  readonly maxBytes?: number;
  /** The sequence of the newest message that the consumer can deliver, according to the leader. */
  last(): Promise<number>;
  /** @returns false to stop the read */
  take(message: StreamMessage): boolean;
}

/**
 * Reads a consumer until all messages up to a sequence have arrived, and possibly some more. Neither an
 * empty pull nor `num_pending` proves that nothing is left. Rejects with a `NatsReadError`.
 *
 * @returns false if `take` stopped the read
 */
export async function readThrough(reader: PullReader, read: BoundedRead): Promise<boolean> {
  const { through, maxBytes = 0 } = read;
  let reached = 0;
  for (let dry = 0; reached < through;) {
    const { messages } = await reader.pull(PULL_MESSAGES, maxBytes);
    for (const message of messages) if (!read.take(message)) return false;
    reached = messages.at(-1)?.sequence ?? reached;
    if (messages.length > 0) continue;
    if ((await read.last()) <= reached) return true;
    if (++dry >= DRY_PULLS) {
      throw new NatsReadError(
        'timeout',
        `Reading ${reader.name}: the consumer does not deliver messages that the stream holds`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, DRY_PAUSE_MS));
  }
  return true;
}
