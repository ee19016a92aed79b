import type { RequestedCursor } from '@nuts/auth';
import type { NatsClient } from '@nuts/nats';
import { keyOperation } from '../frames/key-operation.js';
import { parseCursor } from '../topics/cursor.js';
import { HubPublishError } from './publish.errors.js';

/** What has to be true of a subject for a message to be stored. */
export interface PublishConditions {
  /** The event id of the subject's newest message, as subscribers get it. */
  readonly ifMatch?: string;
  /** `*`: the subject has no message; in a bucket, the key has no value. */
  readonly ifNoneMatch?: '*';
}

/** Where a message is to be stored. */
export interface PublishTarget {
  readonly client: NatsClient;
  readonly stream: string;
  readonly subject: string;
  /** Whether the subject is a key's: a removed one counts as absent. */
  readonly isKey: boolean;
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
  target: PublishTarget,
): Promise<bigint | undefined> {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch === undefined) return ifNoneMatch === undefined ? undefined : absence(target);
  if (ifNoneMatch !== undefined) {
    throw new HubPublishError('invalid_condition', 'ifMatch and ifNoneMatch exclude one another.');
  }
  const position = parseCursor(ifMatch);
  if (position === undefined) {
    throw new HubPublishError('invalid_condition', `${JSON.stringify(ifMatch)} is no event id.`);
  }
  if (position.sequence === 0n || !(await isOfStream(position, target))) {
    throw new HubPublishError('conflict', `The stream has no message with the id ${ifMatch}.`);
  }
  return position.sequence;
}

/**
 * The sequence of the marker that a removed key ends with, else 0: the server then tells whether there
 * is a value, or the same message was stored before.
 */
async function absence({ client, stream, subject, isKey }: PublishTarget): Promise<bigint> {
  const last = isKey ? await client.lastMessage(stream, subject) : undefined;
  if (last === undefined || keyOperation(last) === 'put') return 0n;
  return BigInt(last.sequence);
}

/** An id with a time names a message of one stream: after the stream was made again, it names none. */
async function isOfStream(
  { sequence, timeNanos }: RequestedCursor,
  { client, stream }: PublishTarget,
): Promise<boolean> {
  if (timeNanos === undefined) return true;
  const message = await client.messageAt(stream, Number(sequence));
  return message?.timeNanos === timeNanos;
}
