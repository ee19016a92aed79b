import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { joinFirstWrites } from './join-first-writes.js';

/**
 * Nest's SSE writer on one response. It sends the headers and the first event, and nothing else may
 * be written before that, or it would stand before them.
 */
export class NestWriter {
  private written: (() => void) | undefined;

  constructor(
    private readonly source: Readable,
    private readonly response: ServerResponse,
  ) {}

  /**
   * Calls back once, when the first event has been written to the response. By then Nest's writer is off
   * the response, which stays open: once the Observable that Nest was given completes, all that it
   * holds for a stream is garbage, 11 KB of heap for each browser.
   */
  whenWritten(written: () => void): void {
    this.written = written;
    // The pipe's own listener was added before: when this one runs, the bytes are written.
    this.source.once('data', this.onData);
    joinFirstWrites(this.response);
  }

  /** Takes the writer off the response, and stops waiting for the first event. */
  release(): void {
    this.source.off('data', this.onData);
    this.source.unpipe(this.response);
    this.written = undefined;
  }

  private readonly onData = (): void => {
    const { written } = this;
    this.release();
    written?.();
  };
}
