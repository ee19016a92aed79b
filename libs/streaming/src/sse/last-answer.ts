import type { IncomingMessage, ServerResponse } from 'node:http';

const CLOSE = /(?:^|,)\s*close\s*(?:,|$)/i;

/**
 * Ends the connection after this answer where the client asked for that. Node would, but Nest's
 * headers of an event stream say `Connection: keep-alive` to everybody, and Node believes them: a
 * client that reads to the end of the connection would wait for ever.
 */
export function closeAfterAnswer(request: IncomingMessage, response: ServerResponse): void {
  if (!CLOSE.test(request.headers.connection ?? '')) return;
  const { socket } = request;
  response.once('finish', () => socket.destroySoon());
}
