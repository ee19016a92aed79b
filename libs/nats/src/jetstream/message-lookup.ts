import type { Msg } from 'nats';
import type { Link } from '../connection/link.js';
import type { StoredMessage } from '../nats-client.interface.js';
import { NatsReadError } from '../nats.errors.js';
import { NO_MESSAGE } from './api-errors.js';
import type { JetStreamApi } from './jetstream-api.js';
import { readableHeaders } from './header-lines.js';
import { nanosOf } from './nanos.js';

/** The requested message, in the API's terms. */
export type Lookup =
  | { readonly seq: number }
  | { readonly seq: number; readonly next_by_subj: string }
  | { readonly last_by_subj: string };

interface StoredAnswer {
  readonly message: {
    readonly subject: string;
    readonly seq: number;
    readonly time: string;
    /** Base64. */
    readonly hdrs?: string;
  };
}

/** Asks the stream's leader. Only its response is authoritative, including that there is no message. */
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
      get headers() {
        const { hdrs } = message;
        return hdrs ? readableHeaders(Buffer.from(hdrs, 'base64').toString()) : undefined;
      },
    };
  } catch (error) {
    if (error instanceof NatsReadError && error.code === NO_MESSAGE) return undefined;
    throw error;
  }
}

/**
 * Asks any replica (`allow_direct`), which relieves the leader. A replica may lag, so a missing message is
 * requested from the leader again; an existing one is final.
 */
export class DirectLookup {
  /** Streams for which the account has no permission for direct reads; another connection may have it. */
  private readonly refused = new WeakMap<Link, Set<string>>();

  constructor(private readonly api: JetStreamApi) {}

  /** @throws NatsReadError */
  async find(
    link: Link | undefined,
    stream: string,
    lookup: Lookup,
  ): Promise<StoredMessage | undefined> {
    const refused = link && this.refused.get(link)?.has(stream);
    const found = refused === true ? undefined : await this.ask(link, stream, lookup);
    return found ?? lookUpAtLeader(this.api, link, stream, lookup);
  }

  private async ask(
    link: Link | undefined,
    stream: string,
    lookup: Lookup,
  ): Promise<StoredMessage | undefined> {
    try {
      const { api } = this;
      return directAnswer(await api.request(link, api.subject('DIRECT.GET', stream), lookup));
    } catch (error) {
      const kind = error instanceof NatsReadError ? error.kind : undefined;
      // There is no response if the stream no longer allows it.
      if (kind !== 'no_jetstream' && kind !== 'refused') throw error;
      // The server logs every violation, and so does this service.
      if (link !== undefined && kind === 'refused') this.remember(link, stream);
      return undefined;
    }
  }

  private remember(link: Link, stream: string): void {
    const streams = this.refused.get(link) ?? new Set();
    this.refused.set(link, streams.add(stream));
  }
}

function directAnswer({ headers }: Msg): StoredMessage | undefined {
  const sequence = Number(headers?.get('Nats-Sequence') ?? '');
  if (headers === undefined || headers.code >= 400 || !(sequence > 0)) return undefined;
  return {
    subject: headers.get('Nats-Subject'),
    sequence,
    timeNanos: nanosOf(headers.get('Nats-Time-Stamp')),
    headers,
  };
}
