import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * Calls back once Nest's SSE writer has written the first event to the response: only then may
 * anything else be written, or it would stand before the headers or before the connected event.
 *
 * Nest pipes its writer into the response, and a pipe's own `data` listener was added before ours:
 * when ours runs, the bytes are written.
 *
 * @returns what takes the listeners away
 */
export function afterFirstFrame(response: ServerResponse, written: () => void): () => void {
  let source: Readable | undefined;
  const onPipe = (piped: Readable): void => {
    source = piped;
    piped.once('data', written);
  };
  response.once('pipe', onPipe);
  return () => {
    response.off('pipe', onPipe);
    source?.off('data', written);
  };
}

/**
 * Lets headers and first frame leave in one piece at the end of this turn of the loop: Nest flushes
 * the headers by themselves, which costs each client of a storm a system call and a packet more.
 */
export function joinFirstWrites({ socket }: ServerResponse): void {
  if (socket === null) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
