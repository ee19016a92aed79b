import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { joinFirstWrites } from './join-first-writes.js';

/**
 * Nest's SSE writer on one response. It sends the headers and the first event; nothing else may be written
 * before that.
 */
export class NestWriter {
  private written: (() => void) | undefined;

  constructor(
    private readonly source: Readable,
    private readonly response: ServerResponse,
  ) {}

  /**
   * Calls back once, when the first event has been written to the response. By then Nest's writer is
   * detached from the response, which stays open. When the Observable that Nest received completes,
   * everything that Nest holds for the stream can be collected: 11 KB of heap per browser.
   */
  whenWritten(written: () => void): void {
    this.written = written;
    // The pipe's own listener was added earlier, so the bytes are written when this one runs.
    this.source.once('data', this.onData);
    joinFirstWrites(this.response);
  }

  /** Detaches the writer from the response and stops waiting for the first event. */
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
