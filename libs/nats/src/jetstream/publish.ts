import { headers as emptyHeaders, type Msg, type MsgHdrs } from 'nats';
import type { Link } from '../connection/link.js';
import type { PublishAck, PublishOptions } from '../nats-client.interface.js';
import { NatsPublishError } from '../nats-publish.error.js';
import type { ApiErrorBody } from './api-errors.js';
import { acknowledgedError, unacknowledgedError } from './publish-errors.js';

/** Overhead per header line, and for the header block. */
const LINE_BYTES = ': \r\n'.length;
const FRAME_BYTES = 'NATS/1.0\r\n\r\n'.length;

/** Publishes to JetStream and resolves when the stream has stored the message. @throws NatsPublishError */
export async function publishStored(
  link: Link | undefined,
  timeoutMs: number,
  subject: string,
  data: Uint8Array,
  options: PublishOptions,
): Promise<PublishAck> {
  const action = `Publishing to ${subject}`;
  if (link?.alive !== true) {
    throw new NatsPublishError('disconnected', `${action}: there is no connection to NATS`);
  }
  const headers = allHeaders(options);
  const limit = link.info?.max_payload ?? Infinity;
  if (data.length + headerBytes(headers) > limit) {
    // The server would close the connection, which other users share.
    throw new NatsPublishError('too_large', `${action}: more than the server's ${limit} bytes`);
  }
  let answer: Msg;
  try {
    answer = await link.request(subject, data, timeoutMs, messageHeaders(headers));
  } catch (error) {
    throw unacknowledgedError(action, error);
  }
  return readAck(action, answer);
}

function readAck(action: string, answer: Msg): PublishAck {
  let ack: { seq?: unknown; duplicate?: unknown; error?: ApiErrorBody } | null;
  try {
    ack = JSON.parse(answer.string()) as typeof ack;
  } catch {
    ack = null;
  }
  if (ack?.error !== undefined) throw acknowledgedError(action, ack.error);
  // Another subscriber of the subject responded before the stream.
  if (typeof ack?.seq !== 'number') {
    throw new NatsPublishError('unknown', `${action}: the response is not an acknowledgement`);
  }
  return { sequence: ack.seq, duplicate: ack.duplicate === true };
}

function allHeaders(options: PublishOptions): [string, string][] {
  const { headers = {}, messageId, stream, lastSequence } = options;
  const all = Object.entries(headers);
  if (messageId !== undefined) all.push(['Nats-Msg-Id', messageId]);
  if (stream !== undefined) all.push(['Nats-Expected-Stream', stream]);
  if (lastSequence !== undefined) {
    all.push(['Nats-Expected-Last-Subject-Sequence', String(lastSequence)]);
  }
  return all;
}

function headerBytes(headers: readonly [string, string][]): number {
  if (headers.length === 0) return 0;
  return headers.reduce(
    (bytes, line) => bytes + Buffer.byteLength(line.join('')) + LINE_BYTES,
    FRAME_BYTES,
  );
}

function messageHeaders(headers: readonly [string, string][]): { headers?: MsgHdrs } {
  if (headers.length === 0) return {};
  const result = emptyHeaders();
  for (const [name, value] of headers) result.append(name, value);
  return { headers: result };
}
