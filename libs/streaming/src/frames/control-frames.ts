/** Why all streams of a hub end: their stream was replaced, or restored to an older state. */
export type ResetReason = 'stream_recreated' | 'stream_rewound';

/** A comment that ends a stream, or is sent instead of one. */
export interface CommentFrame {
  readonly comment: string;
  /** The client's last event ID from now on; in a transient answer, its own cursor. */
  readonly id?: string;
  /** Delay before the client reconnects, in ms, with jitter included. */
  readonly retryMs?: number;
}

/**
 * A comment with optional `id` and `retry`, for transient answers (contract §2) and the end of a stream (`:
 * token expired`). It dispatches no event, but the client takes the ID and the delay.
 */
export function commentFrame({ comment, id, retryMs }: CommentFrame): Buffer {
  let frame = `: ${oneLine(comment)}\n`;
  if (id !== undefined) frame += `id: ${oneLine(id)}\n`;
  if (retryMs !== undefined) frame += `retry: ${retryMs}\n`;
  return Buffer.from(`${frame}\n`);
}

/**
 * The heartbeat. On a caught-up stream it contains the newest position (contract §3), so that the cursor of
 * a quiet topic stays current.
 */
export function heartbeatFrame(id?: string): Buffer {
  return commentFrame({ comment: 'heartbeat', id });
}

/**
 * Ends a stream whose sequences are no longer valid. The ID 0 makes `EventSource` read the new stream from
 * its start (contract §3).
 */
export function resetFrame(reason: ResetReason, retryMs: number): Buffer {
  const data = JSON.stringify({ reason });
  return Buffer.from(`: ${reason}\nretry: ${retryMs}\nevent: reset\ndata: ${data}\nid: 0\n\n`);
}

/**
 * Announces that the client's token expires soon, so that it can renew it (contract §3). Has no ID, so the
 * client's cursor is unchanged.
 */
export function expiringFrame(expiresAtMs: number): Buffer {
  const data = JSON.stringify({ expires: new Date(expiresAtMs).toISOString() });
  return Buffer.from(`event: expiring\ndata: ${data}\n\n`);
}

/** Announces that the history requested with `start` was delivered (contract §9). */
export function liveFrame(position: string): Buffer {
  const data = JSON.stringify({ position });
  return Buffer.from(`event: live\ndata: ${data}\nid: ${position}\n\n`);
}

/** A comment may contain an error and an ID comes from a request: neither may start a new line. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ');
}
