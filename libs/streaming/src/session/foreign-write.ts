import type { ServerResponse } from 'node:http';

/**
 * Whether an agent or a middleware replaced the response's `write`. Its version may not pass callbacks on:
 * see {@link whenSent}.
 */
export function hasForeignWrite(response: ServerResponse): boolean {
  return Object.hasOwn(response, 'write');
}

/** Calls back when the socket has sent everything written before. */
export function whenSent({ socket }: ServerResponse, sent: (error?: Error | null) => void): void {
  if (socket === null) process.nextTick(sent);
  else socket.write('', sent);
}
