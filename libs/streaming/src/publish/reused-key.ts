import type { StoredMessage } from '@nuts/nats';
import type { PublishTarget } from './publish-conditions.js';

/**
 * Whether a duplicate is none of its subject: the stream compares idempotency keys only, so the first message
 * may have another topic and another publisher. Rejects with a `NatsReadError`.
 *
 * A first message that no longer exists was removed by the stream's limits, or was replaced by a newer one of
 * its own subject. If neither holds for this subject, it had another one.
 *
 * @param sequence of the first message
 * @param stored the first message; undefined if it no longer exists
 */
export async function isOfAnotherSubject(
  { client, stream, subject }: PublishTarget,
  sequence: number,
  stored: StoredMessage | undefined,
): Promise<boolean> {
  if (stored !== undefined) return stored.subject !== subject;
  const newest = await client.lastMessage(stream, subject);
  if (newest !== undefined && newest.sequence > sequence) return false;
  const { firstSequence } = await client.streamFacts(stream);
  return sequence >= firstSequence;
}
