import { HubError, toHubError } from '../hub-error.js';
import type { HubAddress } from '../hub/hub-address.js';
import { frameReader } from '../stream/frame-reader.js';
import type { Frame } from '../stream/frame.interface.js';
import { SilenceWatch } from '../stream/silence-watch.js';
import type { HubRequests } from './hub-requests.js';

/** How one question is asked. */
export interface AskOptions {
  /** Ends the question; the service's replies are no longer waited for. */
  readonly signal?: AbortSignal;
}

/** One reply of a service (contract §11). */
export interface Reply<Payload = unknown> {
  /** Counted from 1. */
  readonly id: string;
  readonly payload: Payload;
  /** How far the service is, where it says so. */
  readonly progress?: { readonly done: number; readonly total: number };
}

/**
 * Asks a service and yields its replies as they come. Throws a `HubError`: of kind `service` for an
 * error of the service's own, `unreachable` where the answer was cut short. Leaving the loop ends the
 * question.
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

/** What a `failed` event says. */
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
