import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { UnreadAnswers } from './unread-answers.js';

/** Maximum number of pending requests per connection. */
const MAX_UNANSWERED = 16;

/**
 * Closes a connection with too many pending requests. Node dispatches all requests of a chunk at once, 1
 * 800 of them in 64 KiB, and keeps their answers until the first are read. Twenty connections with 2 000
 * metrics requests each blocked the process for 80 s and took 1.4 GB. Browsers, proxies and Prometheus send
 * one request at a time.
 *
 * @param unread closes a connection whose answers are not read
 */
export function boundPipelines(
  application: RequestListener,
  unread: UnreadAnswers,
): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const count = (unanswered.get(socket) ?? 0) + 1;
    if (count > MAX_UNANSWERED) {
      socket.destroy();
      return;
    }
    unanswered.set(socket, count);
    unread.watch(response);
    response.once('close', () => {
      unread.release(response);
      unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1);
    });
    void application(request, response);
  };
}
