import { HubError, toHubError } from '../hub-error.js';
import type { HubAddress } from '../hub/hub-address.js';
import { frameReader } from '../stream/frame-reader.js';
import type { Frame } from '../stream/frame.interface.js';
import { SilenceWatch } from '../stream/silence-watch.js';
import type { HubRequests } from './hub-requests.js';

/** Options of a request to a service. */
export interface AskOptions {
  /** Cancels the request. */
  readonly signal?: AbortSignal;
}

/** One reply of a service (contract §11). */
export interface Reply<Payload = unknown> {
  /** Numbered from 1. */
  readonly id: string;
  readonly payload: Payload;
  /** The progress of the service, if it reports it. */
  readonly progress?: { readonly done: number; readonly total: number };
}

/**
 * Sends a request to a service and yields its replies as they arrive. Throws a `HubError`: of kind
 * `service` for the service's own error, `unreachable` if the answer was cut off. Leaving the loop cancels
 * the request.
 */
export async function* askService<Payload>(
  address: HubAddress,
  requests: HubRequests,
  subject: string,
  question: unknown,
  options: AskOptions = {},
): AsyncGenerator<Reply<Payload>, void, undefined> {
  const leaving = new AbortController();
  const signal = options.signal
    ? AbortSignal.any([options.signal, leaving.signal])
    : leaving.signal;
  let watch: SilenceWatch | undefined;
  try {
    const response = await requests.successful(address.with({}, subject.replaceAll('.', '/')), {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify(question ?? null),
      signal,
    });
    const silent = (): void => leaving.abort(new HubError('unreachable', 'no heartbeat'));
    watch = new SilenceWatch(requests.silenceMs, silent);
    for await (const { event, data = '{}', id = '' } of framesOf(response, watch)) {
      if (event === 'end') return;
      if (event === 'failed') throw failure(JSON.parse(data) as Failure);
      if (event === 'reply') yield { ...(JSON.parse(data) as Omit<Reply<Payload>, 'id'>), id };
    }
    throw new HubError('unreachable', 'the answer was cut short');
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toHubError(leaving.signal.aborted ? leaving.signal.reason : error);
  } finally {
    watch?.stop();
    leaving.abort();
  }
}

/** The content of a `failed` event. */
interface Failure {
  readonly code?: number;
  readonly message?: string;
}

function failure({ code = 0, message = 'the service failed' }: Failure): HubError {
  return new HubError('service', message, code);
}

async function* framesOf(
  response: Response,
  watch: SilenceWatch,
): AsyncGenerator<Frame, void, undefined> {
  const frames: Frame[] = [];
  const feed = frameReader({ frame: (frame) => void frames.push(frame) });
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return;
    watch.heard();
    feed(decoder.decode(part.value as Uint8Array, { stream: true }));
    yield* frames.splice(0);
  }
}
