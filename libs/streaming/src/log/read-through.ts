import { NatsReadError, type PullReader, type StreamMessage } from '@nuts/nats';

/** Messages asked for at once; a live message waits for so many of them at most. */
const PULL_MESSAGES = 1000;
/** An empty pull proves nothing: it is repeated after a pause in ms, so many times. */
const DRY_PAUSE_MS = 25;
const DRY_PULLS = 40;

/** A read that has an end. */
export interface BoundedRead {
  /** The last sequence that is wanted; it was stored before the call. */
  readonly through: number;
  /** Bytes asked for at once; 0 = no bound. Default 0. */
  readonly maxBytes?: number;
  /** The sequence of the newest message that the consumer can give: the leader's word. */
  last(): Promise<number>;
  /** @returns false when no more is wanted */
  take(message: StreamMessage): boolean;
}

/**
 * Reads a consumer until everything up to a sequence came, and perhaps a little more. Neither an empty pull
 * nor `num_pending` proves that nothing is left. Rejects with a `NatsReadError`.
 *
 * @returns false when `take` ended it
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
      throw new NatsReadError('timeout', `Reading ${reader.name}: it does not give what it holds`);
    }
    await new Promise((resolve) => setTimeout(resolve, DRY_PAUSE_MS));
  }
  return true;
}
