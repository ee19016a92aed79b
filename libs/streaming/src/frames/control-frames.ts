/** Why every stream of a hub ends at once: the stream is another one, or an older state of itself. */
export type ResetReason = 'stream_recreated' | 'stream_rewound';

/** A comment that ends a stream or stands in for one, and what the client keeps of it. */
export interface CommentFrame {
  readonly comment: string;
  /** The position that the client shall keep: its own cursor in a transient answer. */
  readonly id?: string;
  /** Delay before the client comes back, in ms; jittered already. */
  readonly retryMs?: number;
}

/**
 * A comment, with `id` and `retry` when given: the transient answer (contract §2) and the end of a
 * stream (`: token expired`). No event is dispatched for it; a client takes the id and the delay.
 */
export function commentFrame({ comment, id, retryMs }: CommentFrame): Buffer {
  let frame = `: ${oneLine(comment)}\n`;
  if (id !== undefined) frame += `id: ${oneLine(id)}\n`;
  if (retryMs !== undefined) frame += `retry: ${retryMs}\n`;
  return Buffer.from(`${frame}\n`);
}

/**
 * The heartbeat. On a stream that is caught up it bears the newest position (contract §3), so that
 * the cursor of a quiet topic does not grow old.
 */
export function heartbeatFrame(id?: string): Buffer {
  return commentFrame({ comment: 'heartbeat', id });
}

/**
 * Ends a stream whose sequences have lost their meaning: the id 0 makes `EventSource` come back for
 * all of the new stream (contract §3).
 */
export function resetFrame(reason: ResetReason, retryMs: number): Buffer {
  const data = JSON.stringify({ reason });
  return Buffer.from(`: ${reason}\nretry: ${retryMs}\nevent: reset\ndata: ${data}\nid: 0\n\n`);
}

/**
 * Tells a client that its token ends soon (contract §3): time to renew it. Without an id, since the
 * client's cursor stays where it is.
 */
export function expiringFrame(expiresAtMs: number): Buffer {
  const data = JSON.stringify({ expires: new Date(expiresAtMs).toISOString() });
  return Buffer.from(`event: expiring\ndata: ${data}\n\n`);
}

/** Tells that the history which `start` asked for is delivered (contract §9). */
export function liveFrame(position: string): Buffer {
  const data = JSON.stringify({ position });
  return Buffer.from(`event: live\ndata: ${data}\nid: ${position}\n\n`);
}

/** A comment may quote an error and an id a request: neither may begin a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ');
}
