import type { FeedSource } from './feed.interface.js';

const MESSAGES_PER_LOOKUP = 256;

/**
 * Skips the messages in memory after a cursor that were stored before a start time, and counts them.
 *
 * @returns the cursor after them, and whether a younger message follows
 */
export function skipOlder(
  { log, channel }: Pick<FeedSource, 'log' | 'channel'>,
  cursor: number,
  notBeforeNanos: bigint,
): { readonly cursor: number; readonly isOver: boolean } {
  for (;;) {
    const entries = log.messages.after(channel.set, cursor, MESSAGES_PER_LOOKUP);
    for (const entry of entries) {
      if (entry.message.timeNanos >= notBeforeNanos) return { cursor, isOver: true };
      channel.encoder.skip(entry.message);
      cursor = entry.sequence;
    }
    if (entries.length === 0) return { cursor, isOver: false };
  }
}
