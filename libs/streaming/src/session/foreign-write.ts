import type { ServerResponse } from 'node:http';

/**
 * Whether an agent or a middleware has put a `write` of its own over the response's. It may not pass
 * callbacks on, and a client would stand still at its bound of frames: see {@link whenSent}.
 */
export function hasForeignWrite(response: ServerResponse): boolean {
  return Object.hasOwn(response, 'write');
}

/** Calls back when the socket has sent all that was written before. */
export function whenSent({ socket }: ServerResponse, sent: (error?: Error | null) => void): void {
  if (socket === null) process.nextTick(sent);
  else socket.write('', sent);
}
