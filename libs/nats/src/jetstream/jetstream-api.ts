import type { Msg } from 'nats';
import type { Link } from '../connection/link.js';
import { NatsReadError } from '../nats.errors.js';
import { apiError, requestError, type ApiErrorBody } from './api-errors.js';

const REQUEST_TIMEOUT_MS = 3000;
const LOCAL_PREFIX = '$JS.API.';

/** The JetStream API (`$JS.API.…`) over the current link. */
export class JetStreamApi {
  private readonly prefix: string;
  readonly timeoutMs: number;

  constructor(options: { jetStreamDomain?: string; requestTimeoutMs?: number }) {
    const domain = options.jetStreamDomain;
    this.prefix = domain === undefined ? LOCAL_PREFIX : `$JS.${domain}.API.`;
    this.timeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  }

  /**
   * An alternative name for a subject in refusals: a server of the domain itself maps `$JS.<domain>.API.`
   * to `$JS.API.` before it checks permissions. Undefined without a domain.
   */
  aliasOf(subject: string): string | undefined {
    return this.prefix === LOCAL_PREFIX
      ? undefined
      : `${LOCAL_PREFIX}${subject.slice(this.prefix.length)}`;
  }

  /** The full API subject. @throws NatsReadError if a name would change the subject's meaning. */
  subject(verb: string, ...names: string[]): string {
    for (const name of names) {
      if (!/^[^\s.*>/\\]+$/.test(name)) {
        throw new NatsReadError('stream_not_found', `"${name}" is not a valid name in JetStream.`);
      }
    }
    return `${this.prefix}${[verb, ...names].join('.')}`;
  }

  /** Sends a request and returns the JSON response. @throws NatsReadError */
  async ask<T>(link: Link | undefined, subject: string, body?: object): Promise<T> {
    const message = await this.request(link, subject, body);
    let answer: T & { error?: ApiErrorBody };
    try {
      answer = JSON.parse(message.string()) as typeof answer;
    } catch (cause) {
      throw new NatsReadError('refused', `${subject}: the response is not JSON`, { cause });
    }
    if (answer.error !== undefined) throw apiError(subject, answer.error);
    return answer;
  }

  /** Sends a request and returns the raw response. @throws NatsReadError */
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

/** The error of all calls without a connection: immediate, not after a timeout. */
export function disconnected(action: string): NatsReadError {
  return new NatsReadError('disconnected', `${action}: not connected to NATS`);
}
