import type { RequestedCursor } from '@nuts/auth';
import type { NatsClient } from '@nuts/nats';
import { keyOperation } from '../frames/key-operation.js';
import { parseCursor } from '../topics/cursor.js';
import { HubPublishError } from './publish.errors.js';

/** Conditions for storing a message. */
export interface PublishConditions {
  /** The event ID of the subject's newest message, as subscribers receive it. */
  readonly ifMatch?: string;
  /** `*`: the subject has no message; in a bucket: the key has no value. */
  readonly ifNoneMatch?: '*';
}

/** Where to store a message. */
export interface PublishTarget {
  readonly client: NatsClient;
  readonly stream: string;
  readonly subject: string;
  /** Whether the subject is a key; a deleted key counts as absent. */
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
 * The expected last sequence of the subject; undefined without a condition, 0 for no message.
 *
 * @throws HubPublishError for an invalid ID or for both conditions; of kind `conflict` if this stream does
 *   not have the ID's message
 */
export async function expectedSequence(
  conditions: PublishConditions,
  target: PublishTarget,
): Promise<bigint | undefined> {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch === undefined) return ifNoneMatch === undefined ? undefined : absence(target);
  if (ifNoneMatch !== undefined) {
    throw new HubPublishError('invalid_condition', 'ifMatch and ifNoneMatch cannot be combined.');
  }
  const position = parseCursor(ifMatch);
  if (position === undefined) {
    throw new HubPublishError(
      'invalid_condition',
      `${JSON.stringify(ifMatch)} is not an event ID.`,
    );
  }
  if (position.sequence === 0n || !(await isOfStream(position, target))) {
    throw new HubPublishError('conflict', `The stream has no message with the ID ${ifMatch}.`);
  }
  return position.sequence;
}

/**
 * The sequence of a deleted key's last marker, else 0: the server then reports whether there is a value, or
 * a duplicate.
 */
async function absence({ client, stream, subject, isKey }: PublishTarget): Promise<bigint> {
  const last = isKey ? await client.lastMessage(stream, subject) : undefined;
  if (last === undefined || keyOperation(last) === 'put') return 0n;
  return BigInt(last.sequence);
}

/** An ID with a time refers to a message of one stream; after the stream was recreated, it refers to none. */
async function isOfStream(
  { sequence, timeNanos }: RequestedCursor,
  { client, stream }: PublishTarget,
): Promise<boolean> {
  if (timeNanos === undefined) return true;
  const message = await client.messageAt(stream, Number(sequence));
  return message?.timeNanos === timeNanos;
}
