import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

const CLOSE = /(?:^|,)\s*close\s*(?:,|$)/i;

/**
 * Makes a stream the last answer of its connection, and says so, where the client asked for that or
 * cannot tell a stream's end otherwise (HTTP/1.0). Node would, but Nest's headers of an event stream say
 * `Connection: keep-alive` to everybody, and Node believes them.
 */
export function closeAfterAnswer(request: IncomingMessage, response: ServerResponse): void {
  const isHttp10 = request.httpVersionMajor === 1 && request.httpVersionMinor === 0;
  if (!isHttp10 && !CLOSE.test(request.headers.connection ?? '')) return;
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (...head: unknown[]): ServerResponse => writeHead(...head.map(withClose));
}

/** Of the arguments of `writeHead` only an object is headers: Nest gives no lists. */
function withClose(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  const kept = Object.entries(part as OutgoingHttpHeaders).filter(
    ([name]) => name.toLowerCase() !== 'connection',
  );
  return { ...Object.fromEntries(kept), Connection: 'close' };
}
