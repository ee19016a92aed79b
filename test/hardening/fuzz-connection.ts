import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FuzzedRequest } from './fuzzed-request.js';

/** Maximum time without a response, an end or an open stream. */
const HANG_MS = 10_000;

/** The result of one connection. */
export interface FuzzOutcome {
  readonly statuses: readonly number[];
  /** Neither answered, nor closed, nor streaming. */
  readonly hung: boolean;
  /** The responses that were a page of history, or a stream with `start`. */
  readonly kinds: readonly ('page' | 'started')[];
}

/**
 * Sends requests in one go over one keep-alive connection and takes the statuses of the answers.
 * Leaves without a word when a stream has opened, as strangers do.
 */
export async function sendPipeline(
  port: number,
  requests: readonly FuzzedRequest[],
  halfClose: boolean,
): Promise<FuzzOutcome> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  // A body may end without a newline; none can hold this, since a target holds no space.
  const statuses = (): number[] =>
    [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)]
      .map(([, code]) => Number(code))
      .filter((code) => code >= 200);
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    if (text.includes('event: connected') || statuses().length >= requests.length) settle();
  });
  socket.on('error', () => undefined).once('close', () => settle());
  const bytes = Buffer.from(requests.join(''), 'latin1');
  if (halfClose) socket.end(bytes);
  else socket.write(bytes);
  const timer = new AbortController();
  const hung = await Promise.race([
    settled.then(() => false),
    pause(HANG_MS, true, { signal: timer.signal }),
  ]);
  timer.abort();
  socket.destroy();
  const kinds = [
    ...(/"position":"\d+","more":/.test(text) ? (['page'] as const) : []),
    ...(text.includes('"recovery":"started"') ? (['started'] as const) : []),
  ];
  return { statuses: statuses(), hung, kinds };
}
