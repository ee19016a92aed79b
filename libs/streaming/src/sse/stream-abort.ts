const STREAM_IS_OVER = new DOMException('The stream is over', 'AbortError');

/**
 * Tells one request's work that the client is gone. Nest aborts its own for each stream that ends,
 * with a reason made on the spot: 10 µs, and a stack that keeps alive what Nest held for the stream.
 */
export class StreamAbort extends AbortController {
  override abort(reason: unknown = STREAM_IS_OVER): void {
    super.abort(reason);
  }
}
