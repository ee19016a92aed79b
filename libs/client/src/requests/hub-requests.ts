import { HubError, toHubError } from '../hub-error.js';
import type { ConnectOptions } from '../hub/hub-options.interface.js';
import { refusalOf } from './refusal.js';
import type { TokenSource } from './token-source.js';

/** What a request says; everything else is the hub's. */
export interface HubRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal | undefined;
}

/** Requests to one hub, with its token and cookies. */
export class HubRequests {
  constructor(
    private readonly options: ConnectOptions,
    readonly tokens: TokenSource,
  ) {}

  /** An event stream that is silent for so many ms is dead: two heartbeats and a half (contract §12). */
  get silenceMs(): number {
    return (this.options.heartbeatMs ?? 30_000) * 2.5;
  }

  /** One request with a given token, or without one. Rejects as `fetch` does. */
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

  /** The JSON of an answer of 2xx. Rejects as {@link successful}. */
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
   * An answer of 2xx. The token is asked for once more after a `401`. Rejects with a `HubError`, or
   * with the reason of an aborted signal.
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
