/** A stream that can never be served as it is; the message names the setting and the remedy. */
export class UnusableStreamError extends Error {
  override readonly name = 'UnusableStreamError';

  static missing(stream: string): UnusableStreamError {
    return new UnusableStreamError(
      `stream_name: there is no stream ${stream} on this NATS system. Create it, or correct stream_name (and nats_js_domain, if the stream is in a domain).`,
    );
  }

  static workQueue(stream: string): UnusableStreamError {
    return new UnusableStreamError(
      `stream_name: ${stream} has WorkQueue retention, where reading takes messages away from others. Name a stream with Limits retention.`,
    );
  }
}
