import type { RequestedCursor } from '@nuts/auth';
import type { NatsClient } from '@nuts/nats';
import { parseCursor } from '../topics/cursor.js';
import { HubPublishError } from './publish.errors.js';

/** What has to be true of a subject for a message to be stored. */
export interface PublishConditions {
  /** The event id of the subject's newest message, as subscribers get it. */
  readonly ifMatch?: string;
  /** `*`: the subject has no message. */
  readonly ifNoneMatch?: '*';
}

const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,256}$/;

/** @throws HubPublishError unless it is 1 to 256 printable ASCII characters */
export function checkIdempotencyKey(key: string): void {
  if (IDEMPOTENCY_KEY.test(key)) return;
  throw new HubPublishError(
    'invalid_idempotency_key',
    'An idempotency key is 1 to 256 printable ASCII characters.',
  );
}

/**
 * The last sequence that the stream shall expect of the subject; undefined without a condition, 0 for no
 * message.
 *
 * @throws HubPublishError for an id that is none, or both conditions; of kind `conflict` for an id whose
 * message this stream does not have
 */
export async function expectedSequence(
  conditions: PublishConditions,
  client: NatsClient,
  stream: string,
): Promise<bigint | undefined> {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch === undefined) return ifNoneMatch === undefined ? undefined : 0n;
  if (ifNoneMatch !== undefined) {
    throw new HubPublishError('invalid_condition', 'ifMatch and ifNoneMatch exclude one another.');
  }
  const position = parseCursor(ifMatch);
  if (position === undefined) {
    throw new HubPublishError('invalid_condition', `${JSON.stringify(ifMatch)} is no event id.`);
  }
  if (position.sequence === 0n || !(await isOfStream(position, client, stream))) {
    throw new HubPublishError('conflict', `The stream has no message with the id ${ifMatch}.`);
  }
  return position.sequence;
}

/** An id with a time names a message of one stream: after the stream was made again, it names none. */
async function isOfStream(
  { sequence, timeNanos }: RequestedCursor,
  client: NatsClient,
  stream: string,
): Promise<boolean> {
  if (timeNanos === undefined) return true;
  const message = await client.messageAt(stream, Number(sequence));
  return message?.timeNanos === timeNanos;
}
