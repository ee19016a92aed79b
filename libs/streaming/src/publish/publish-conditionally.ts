import { NatsPublishError, type PublishAck, type PublishOptions } from '@nuts/nats';
import { firstHeader } from '../frames/message-headers.js';
import {
  expectedSequence,
  type PublishConditions,
  type PublishTarget,
} from './publish-conditions.js';

/** Attempts for a key that others keep creating and deleting. */
const ATTEMPTS = 4;

/**
 * Publishes a message with conditions. The marker of a deleted key may be replaced, or expire, between its
 * lookup and the publish; the condition is then evaluated again.
 *
 * @param to the subject to publish to: the target's, or one that the server maps to it
 * @throws HubPublishError for invalid conditions
 * @throws NatsPublishError of kind `conflict` if a condition fails
 */
export async function publishConditionally(
  target: PublishTarget,
  to: string,
  data: Uint8Array,
  conditions: PublishConditions,
  options: PublishOptions,
): Promise<PublishAck> {
  const { client, isKey } = target;
  const mayChange = isKey && conditions.ifNoneMatch !== undefined;
  let expected = await expectedSequence(conditions, target);
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.publish(to, data, {
        ...options,
        ...(expected !== undefined && { lastSequence: expected }),
      });
    } catch (error) {
      if (!(error instanceof NatsPublishError) || error.kind !== 'conflict') throw error;
      const earlier = await publishedBefore(target, options.messageId);
      if (earlier !== undefined) return earlier;
      const before = expected;
      if (mayChange && attempt < ATTEMPTS) expected = await expectedSequence(conditions, target);
      if (expected === before) throw error;
    }
  }
}

/**
 * The server checks the expected sequence before it looks for duplicates, so a repeated request would fail
 * because of its own message.
 */
async function publishedBefore(
  { client, stream, subject }: PublishTarget,
  messageId: string | undefined,
): Promise<PublishAck | undefined> {
  if (messageId === undefined) return undefined;
  const last = await client.lastMessage(stream, subject);
  if (last === undefined || firstHeader(last, 'Nats-Msg-Id') !== messageId) return undefined;
  return { sequence: last.sequence, duplicate: true };
}
