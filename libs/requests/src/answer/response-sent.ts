import type { ServerResponse } from 'node:http';

/** How long a client may read nothing if `write_timeout` is off. */
const STALLED_MS = 30_000;
/** Looks for progress in each `write_timeout`. */
const LOOKS = 4;

/**
 * Waits until an ended response has left this process. A client that reads nothing for `write_timeout` is
 * disconnected: until then, the process holds what the kernel has not accepted. Node's timeout of a socket
 * would start again with each byte that the client sends.
 *
 * @returns whether all of it was sent; false if the connection was closed before
 */
export async function responseSent(
  response: ServerResponse,
  writeTimeoutMs = STALLED_MS,
): Promise<boolean> {
  if (!response.writableFinished && !response.destroyed) {
    let unsent = unsentBytes(response);
    let since = performance.now();
    const looking = setInterval(() => {
      const left = unsentBytes(response);
      if (left !== unsent) since = performance.now();
      else if (performance.now() - since >= writeTimeoutMs) response.destroy();
      unsent = left;
    }, writeTimeoutMs / LOOKS);
    looking.unref();
    await new Promise((resolve) => response.once('finish', resolve).once('close', resolve));
    clearInterval(looking);
  }
  return response.writableFinished;
}

/** What the kernel has not accepted. Only the handle knows how much of an unfinished write it has. */
function unsentBytes({ socket }: ServerResponse): number {
  const handle = (socket as { _handle?: { writeQueueSize?: number } | null } | null)?._handle;
  return (socket?.writableLength ?? 0) + (handle?.writeQueueSize ?? 0);
}
