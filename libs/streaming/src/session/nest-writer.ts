import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * Nest's SSE writer on one response. It sends the headers and the first event, and nothing else may
 * be written before that, or it would stand before them.
 */
export class NestWriter {
  private source: Readable | undefined;

  /** @param firstWritten called once, when the first event has been written to the response */
  constructor(
    private readonly response: ServerResponse,
    private readonly firstWritten: () => void,
  ) {
    response.once('pipe', this.onPipe);
  }

  /**
   * Whether Nest writes already. Asked while the route's handler runs, it tells interceptors: Nest
   * pipes what it was given, which is the handler's Observable or that of an interceptor around it,
   * and in the second case the handler runs only when that one is subscribed to.
   */
  get isPiping(): boolean {
    return this.source !== undefined;
  }

  /**
   * Lets headers and first frame leave in one piece at the end of this turn of the loop: Nest flushes
   * the headers by themselves, which costs each client of a storm a system call and a packet more.
   */
  joinFirstWrites(): void {
    const { socket } = this.response;
    if (socket === null) return;
    socket.cork();
    setImmediate(() => socket.uncork());
  }

  /**
   * Takes the writer off the response, which stays open. Once the Observable that Nest was given
   * completes, all that it holds for a stream is garbage: 11 KB of heap for each browser.
   */
  release(): void {
    this.source?.unpipe(this.response);
    this.forget();
  }

  /** Stops waiting for the first event. */
  forget(): void {
    this.response.off('pipe', this.onPipe);
    this.source?.off('data', this.firstWritten);
    this.source = undefined;
  }

  private readonly onPipe = (source: Readable): void => {
    this.source = source;
    // The pipe's own listener was added before: when ours runs, the bytes are written.
    source.once('data', this.firstWritten);
  };
}
