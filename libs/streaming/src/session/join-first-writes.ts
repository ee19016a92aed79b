import type { ServerResponse } from 'node:http';

/**
 * Lets headers and first frame leave in one piece at the end of this turn of the loop: Nest flushes the
 * headers by themselves, which costs each client of a storm a system call and a packet more.
 */
export function joinFirstWrites({ socket }: ServerResponse): void {
  if (socket === null) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
