/** How a stream begins: at the present, after the cursor, or with what is retained. */
export type Recovery =
  | { readonly recovery: 'live' | 'resumed' | 'started' }
  | { readonly recovery: 'fallback'; readonly reason: string };

/** What the first frame of a stream says. */
export interface Connected {
  readonly topics: readonly string[];
  readonly start: Recovery;
  /** The position that the stream starts after; in a fallback the client's own cursor. */
  readonly id: string;
  /** `sse_retry`, in ms; undefined leaves the client's delay as it is. */
  readonly retryMs?: number;
}

/** An event as Nest's `@Sse()` takes it. */
export interface ConnectedEvent {
  readonly type: 'connected';
  readonly data: string;
  readonly id: string;
  readonly retry?: number;
}

/**
 * The connected event for Nest's own SSE writer, which sends it together with the headers. The id is
 * explicit: without one Nest would count from 1, and a browser would resume there.
 */
export function connectedEvent(connected: Connected): ConnectedEvent {
  const { topics, start, id, retryMs } = connected;
  const event = { type: 'connected', data: JSON.stringify({ topics, ...start }), id } as const;
  return retryMs === undefined ? event : { ...event, retry: retryMs };
}

/** The same as bytes, for a session that writes it itself. */
export function connectedFrame({ type, data, id, retry }: ConnectedEvent): Buffer {
  const retryLine = retry === undefined ? '' : `retry: ${retry}\n`;
  return Buffer.from(`event: ${type}\n${retryLine}data: ${data}\nid: ${id}\n\n`);
}
