import type { Msg } from 'nats';
import type { Link } from '../connection/link.js';
import type { StoredMessage } from '../nats-client.interface.js';
import { NatsReadError } from '../nats.errors.js';
import { NO_MESSAGE } from './api-errors.js';
import type { JetStreamApi } from './jetstream-api.js';
import { nanosOf } from './nanos.js';

/** Which single message is wanted, in the API's own words. */
export type Lookup =
  | { readonly seq: number }
  | { readonly seq: number; readonly next_by_subj: string }
  | { readonly last_by_subj: string };

interface StoredAnswer {
  readonly message: { readonly subject: string; readonly seq: number; readonly time: string };
}

/** Asks the stream's leader: the only answer that proves anything, "there is none" included. */
export async function lookUpAtLeader(
  api: JetStreamApi,
  link: Link | undefined,
  stream: string,
  lookup: Lookup,
): Promise<StoredMessage | undefined> {
  try {
    const subject = api.subject('STREAM.MSG.GET', stream);
    const { message } = await api.ask<StoredAnswer>(link, subject, lookup);
    return {
      subject: message.subject,
      sequence: message.seq,
      timeNanos: nanosOf(message.time),
    };
  } catch (error) {
    if (error instanceof NatsReadError && error.code === NO_MESSAGE) return undefined;
    throw error;
  }
}

/**
 * Asks whichever replica answers (`allow_direct`), which spares the leader. A replica may lag, so
 * what it does not have is asked for at the leader again; what it has is in its place for good.
 */
export async function lookUpAnywhere(
  api: JetStreamApi,
  link: Link | undefined,
  stream: string,
  lookup: Lookup,
): Promise<StoredMessage | undefined> {
  let found: StoredMessage | undefined;
  try {
    found = directAnswer(await api.request(link, api.subject('DIRECT.GET', stream), lookup));
  } catch (error) {
    // Nobody answers when the stream stopped allowing it, or an account may not ask so.
    const other = error instanceof NatsReadError && /no_jetstream|refused/.test(error.kind);
    if (!other) throw error;
  }
  return found ?? lookUpAtLeader(api, link, stream, lookup);
}

function directAnswer({ headers }: Msg): StoredMessage | undefined {
  const sequence = Number(headers?.get('Nats-Sequence') ?? '');
  if (headers === undefined || headers.code >= 400 || !(sequence > 0)) return undefined;
  return {
    subject: headers.get('Nats-Subject'),
    sequence,
    timeNanos: nanosOf(headers.get('Nats-Time-Stamp')),
  };
}
