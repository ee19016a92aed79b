import { HubError, toHubError } from '../hub-error.js';
import type { ConnectOptions } from '../hub/hub-options.interface.js';
import { refusalOf } from './refusal.js';
import type { TokenSource } from './token-source.js';

/** The parts of a request that differ; the hub adds the rest. */
export interface HubRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests to one hub, with its token and cookies. */
export class HubRequests {
  constructor(
    private readonly options: ConnectOptions,
    readonly tokens: TokenSource,
  ) {}

  /** An event stream that is silent for this time, in ms, is dead: two and a half heartbeats (contract §12). */
  get silenceMs(): number {
    return (this.options.heartbeatMs ?? 30_000) * 2.5;
  }

  /** Sends one request with the given token, or without one. Rejects like `fetch`. */
  send(url: string, request: HubRequest, token: string | undefined): Promise<Response> {
    const { fetch: send = fetch, credentials = 'same-origin' } = this.options;
    const authorization: Record<string, string> =
      token === undefined ? {} : { authorization: `Bearer ${token}` };
    return send(url, {
      ...request,
      headers: { ...request.headers, ...authorization },
      credentials,
      cache: 'no-store',
    });
  }

  /** The JSON of a 2xx response. Rejects like {@link successful}. */
  async json<Answer>(url: string, request: HubRequest): Promise<Answer> {
    const response = await this.successful(url, request);
    if (!response.headers.get('content-type')?.startsWith('application/json')) {
      // It may be a stream, which never ends.
      await response.body?.cancel();
      throw new HubError('refused', 'the answer is not JSON', 406);
    }
    try {
      return (await response.json()) as Answer;
    } catch (error) {
      request.signal?.throwIfAborted();
      throw toHubError(error);
    }
  }

  /**
   * A 2xx response. After a `401`, the token is requested once more. Rejects with a `HubError`, or with the
   * reason of an aborted signal.
   */
  async successful(url: string, request: HubRequest): Promise<Response> {
    try {
      let response = await this.send(url, request, await this.tokens.known());
      if (response.status === 401 && this.tokens.renews) {
        await response.body?.cancel();
        response = await this.send(url, request, await this.tokens.fresh());
      }
      if (response.ok) return response;
      throw await refusalOf(response);
    } catch (error) {
      request.signal?.throwIfAborted();
      throw toHubError(error);
    }
  }
}
