import type { Msg } from 'nats';
import type { Link } from '../connection/link.js';
import { NatsReadError } from '../nats.errors.js';
import { apiError, requestError, type ApiErrorBody } from './api-errors.js';

const REQUEST_TIMEOUT_MS = 3000;
const LOCAL_PREFIX = '$JS.API.';

/** JetStream's request and answer API (`$JS.API.…`), over whichever link is alive. */
export class JetStreamApi {
  private readonly prefix: string;
  readonly timeoutMs: number;

  constructor(options: { jetStreamDomain?: string; requestTimeoutMs?: number }) {
    const domain = options.jetStreamDomain;
    this.prefix = domain === undefined ? LOCAL_PREFIX : `$JS.${domain}.API.`;
    this.timeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  }

  /**
   * The other name that a refusal may give a subject: a server of the domain itself maps
   * `$JS.<domain>.API.` to `$JS.API.` before it looks at permissions. Undefined without a domain.
   */
  aliasOf(subject: string): string | undefined {
    return this.prefix === LOCAL_PREFIX
      ? undefined
      : `${LOCAL_PREFIX}${subject.slice(this.prefix.length)}`;
  }

  /** A full API subject. @throws NatsReadError when a name would change the subject's meaning. */
  subject(verb: string, ...names: string[]): string {
    for (const name of names) {
      if (!/^[^\s.*>/\\]+$/.test(name)) {
        throw new NatsReadError('stream_not_found', `"${name}" is not a valid name in JetStream.`);
      }
    }
    return `${this.prefix}${[verb, ...names].join('.')}`;
  }

  /** Asks, and returns the JSON answer. @throws NatsReadError */
  async ask<T>(link: Link | undefined, subject: string, body?: object): Promise<T> {
    const message = await this.request(link, subject, body);
    let answer: T & { error?: ApiErrorBody };
    try {
      answer = JSON.parse(message.string()) as typeof answer;
    } catch (cause) {
      throw new NatsReadError('refused', `${subject}: the answer is no JSON`, { cause });
    }
    if (answer.error !== undefined) throw apiError(subject, answer.error);
    return answer;
  }

  /** Asks, and returns the answer as it came. @throws NatsReadError */
  async request(link: Link | undefined, subject: string, body?: object): Promise<Msg> {
    if (link?.alive !== true) throw disconnected(subject);
    const payload = body === undefined ? '' : JSON.stringify(body);
    try {
      const alias = this.aliasOf(subject);
      return await link.request(subject, payload, this.timeoutMs, alias ? { alias } : {});
    } catch (error) {
      throw requestError(subject, error, link.alive);
    }
  }
}

/** The failure of every call while there is no connection: at once, not after a timeout. */
export function disconnected(action: string): NatsReadError {
  return new NatsReadError('disconnected', `${action}: not connected to NATS`);
}
