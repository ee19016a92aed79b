import type { ServerResponse } from 'node:http';
import { commentFrame } from '../frames/control-frames.js';

/** Nest's headers for event streams, for answers that Nest does not open. */
const EVENT_STREAM_HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'private, no-cache, no-store, must-revalidate, max-age=0, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

/** Thrown instead of a transient error: the `200` answer that makes an `EventSource` reconnect. */
export class RetryStream extends Error {
  override readonly name = 'RetryStream';

  /**
   * @param reason the refusal's message, for the comment
   * @param delayMs the jittered `retry:`
   * @param cursor the request's own cursor as sent, repeated as the `id:`, because a client's last event ID
   *   is set from a buffer that starts empty on each connection
   */
  constructor(
    readonly reason: string,
    readonly delayMs: number,
    readonly cursor: string | undefined,
  ) {
    super(reason);
  }

  /** Sends it and ends the response. */
  send(response: ServerResponse): void {
    const { reason: comment, cursor: id, delayMs: retryMs } = this;
    response.writeHead(200, EVENT_STREAM_HEADERS).end(commentFrame({ comment, id, retryMs }));
  }
}
