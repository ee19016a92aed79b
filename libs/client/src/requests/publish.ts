import type { HubAddress } from '../hub/hub-address.js';
import type { HubRequests } from './hub-requests.js';

/** Conditions and headers of one message (contract §10). */
export interface PublishOptions {
  /** Makes retries safe: within the stream's duplicate window, the message is stored once. */
  readonly idempotencyKey?: string;
  /** Store only if this is the ID of the topic's newest message. */
  readonly ifMatch?: string;
  /** Store only if the topic has no message. */
  readonly ifNoneMatch?: '*';
  /** Stored as the message's headers; the hub must allow their names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The type of a `Uint8Array`. Default `application/octet-stream`. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** A message that the stream has stored. */
export interface Published {
  readonly id: string;
  readonly topic: string;
  /** Whether the stream had already stored it with the same key. */
  readonly duplicate: boolean;
}

/** Publishes one message. Rejects with a `HubError`; 412 if a condition fails. */
export async function publishMessage(
  address: HubAddress,
  requests: HubRequests,
  topic: string,
  payload: unknown,
  options: PublishOptions = {},
): Promise<Published> {
  const { idempotencyKey, ifMatch, ifNoneMatch, signal } = options;
  const [body, type] =
    payload instanceof Uint8Array
      ? // Over shared memory, `fetch` refuses it by itself.
        [payload as Uint8Array<ArrayBuffer>, options.contentType ?? 'application/octet-stream']
      : [JSON.stringify(payload ?? null), 'application/json'];
  const headers: Record<string, string> = { accept: 'application/json', 'content-type': type };
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`;
  if (ifNoneMatch !== undefined) headers['if-none-match'] = ifNoneMatch;
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    headers[`nuts-header-${name}`] = value;
  }
  const url = address.with({ topic });
  return requests.json<Published>(url, { method: 'POST', headers, body, signal });
}
