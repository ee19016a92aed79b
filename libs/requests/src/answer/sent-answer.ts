import type { ServerResponse } from 'node:http';

/** How long a client may read nothing if `write_timeout` is off. */
const STALLED_MS = 30_000;

/**
 * Waits until an ended response has left this process. A client that reads nothing for `write_timeout` is
 * disconnected: until then, the process holds what the kernel has not accepted.
 *
 * @returns whether all of it was sent; false if the connection was closed before
 */
export async function sentAnswer(
  response: ServerResponse,
  writeTimeoutMs = STALLED_MS,
): Promise<boolean> {
  if (!response.writableFinished && !response.destroyed) {
    // Node resets the timeout of the connection when the response has finished.
    response.setTimeout(writeTimeoutMs, () => response.destroy());
    await new Promise((resolve) => response.once('finish', resolve).once('close', resolve));
  }
  return response.writableFinished;
}
