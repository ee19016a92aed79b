/** How a stream starts. */
export type Recovery =
  | { readonly recovery: 'live' | 'resumed' | 'started' }
  | { readonly recovery: 'fallback'; readonly reason: string };

/** The content of a stream's first frame. */
export interface Connected {
  readonly topics: readonly string[];
  readonly start: Recovery;
  /** The position after which the stream starts; in a fallback, the client's own cursor. */
  readonly id: string;
  /** `sse_retry`, in ms; undefined leaves the client's delay unchanged. */
  readonly retryMs?: number;
}

/** An event in the form that Nest's `@Sse()` accepts. */
export interface ConnectedEvent {
  readonly type: 'connected';
  readonly data: string;
  readonly id: string;
  readonly retry?: number;
}

/**
 * The connected event as interceptors see it. The ID is explicit: otherwise Nest would count from 1, and a
 * browser would resume from there.
 */
export function connectedEvent(connected: Connected): ConnectedEvent {
  const { topics, start, id, retryMs } = connected;
  const event = { type: 'connected', data: JSON.stringify({ topics, ...start }), id } as const;
  return retryMs === undefined ? event : { ...event, retry: retryMs };
}

/** The same as bytes. */
export function connectedFrame({ type, data, id, retry }: ConnectedEvent): Buffer {
  const retryLine = retry === undefined ? '' : `retry: ${retry}\n`;
  return Buffer.from(`event: ${type}\n${retryLine}data: ${data}\nid: ${id}\n\n`);
}
