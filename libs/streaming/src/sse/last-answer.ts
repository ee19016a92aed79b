import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

const CLOSE = /(?:^|,)\s*close\s*(?:,|$)/i;

/**
 * Closes the connection after a stream, and sends `Connection: close`, if the client asked for that or
 * cannot detect the end of a stream otherwise (HTTP/1.0). Node would do this itself, but Nest's headers for
 * event streams contain `Connection: keep-alive`, which Node obeys.
 */
export function closeAfterAnswer(request: IncomingMessage, response: ServerResponse): void {
  const isHttp10 = request.httpVersionMajor === 1 && request.httpVersionMinor === 0;
  if (!isHttp10 && !CLOSE.test(request.headers.connection ?? '')) return;
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (...head: unknown[]): ServerResponse => writeHead(...head.map(withClose));
}

/** Among the arguments of `writeHead`, only an object contains headers: Nest passes no arrays. */
function withClose(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  const kept = Object.entries(part as OutgoingHttpHeaders).filter(
    ([name]) => name.toLowerCase() !== 'connection',
  );
  return { ...Object.fromEntries(kept), Connection: 'close' };
}
