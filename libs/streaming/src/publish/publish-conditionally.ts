import { NatsPublishError, type PublishAck, type PublishOptions } from '@nuts/nats';
import { firstHeader } from '../frames/message-headers.js';
import {
  expectedSequence,
  type PublishConditions,
  type PublishTarget,
} from './publish-conditions.js';

/** A key that others create and remove all the time is left to them. */
const ATTEMPTS = 4;

/**
 * Publishes what the stream stores on conditions. The marker of a removed key may be replaced, or expire,
 * between its lookup and the publish: the condition is then read once more.
 *
 * @param to the subject to publish to: the target's, or one that the server maps to it
 * @throws HubPublishError for conditions that are none
 * @throws NatsPublishError of kind `conflict` when a condition does not hold
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
 * The server compares the newest message before it looks for duplicates: a repeated request would fail on
 * what itself has stored.
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
