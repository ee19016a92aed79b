import { headers as emptyHeaders, type MsgHdrs } from 'nats';
import type { Link } from '../connection/link.js';
import { NatsReadError } from '../nats.errors.js';
import { apiError, requestError, type ApiErrorBody } from './api-errors.js';
import { disconnected } from './jetstream-api.js';

/** Publishes into JetStream and resolves to the stored sequence. @throws NatsReadError */
export async function publishStored(
  link: Link | undefined,
  timeoutMs: number,
  subject: string,
  data: Uint8Array,
  headers: Readonly<Record<string, string>> | undefined,
): Promise<number> {
  const action = `Publishing to ${subject}`;
  if (link?.alive !== true) throw disconnected(action);
  const more = headers === undefined ? {} : { headers: natsHeaders(headers) };
  let text: string;
  try {
    text = (await link.request(subject, data, timeoutMs, more)).string();
  } catch (error) {
    throw requestError(action, error, link.alive);
  }
  const ack = JSON.parse(text) as { seq?: number; error?: ApiErrorBody };
  if (ack.error !== undefined) throw apiError(action, ack.error);
  if (ack.seq === undefined) throw new NatsReadError('refused', `${action}: not acknowledged`);
  return ack.seq;
}

function natsHeaders(headers: Readonly<Record<string, string>>): MsgHdrs {
  const result = emptyHeaders();
  for (const [name, value] of Object.entries(headers)) result.append(name, value);
  return result;
}
