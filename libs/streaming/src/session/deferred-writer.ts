import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { MessageEvent } from '@nestjs/common';
import { joinFirstWrites } from './join-first-writes.js';

/** The parts of Nest's SSE writer that control headers and output. */
export interface SseWriter extends Readable {
  readonly writableEnded: boolean;
  commitHeaders(): void;
  writeMessage(message: MessageEvent, written: () => void): void;
}

/** Callbacks for the opening of a stream behind interceptors. */
export interface DeferredWriterSteps {
  /** Whether the route's handler ran: an interceptor may answer without it. */
  readonly isRequested: () => boolean;
  /** The headers were sent. */
  readonly opened: () => void;
  /** The interceptors emitted no event; nothing was sent. */
  readonly declined: () => void;
}

/** How long exception filters may take to answer an error, in ms. */
const FILTERS_MS = 1_000;

/** A connected event, possibly wrapped in an object or in JSON within JSON. */
const CONNECTED = /\\*"type\\*":\\*"connected\\*"/;

/**
 * Nest's SSE writer for a route with interceptors, detached from the response.
 *
 * Global interceptors usually transform JSON answers. A wrapped event would lose its type and ID, Nest
 * would generate another ID, and a browser would resume from it. A timeout would become an `error` event
 * with an ID. Therefore the first event that passes only means "open", whatever its content, and the
 * stream's own frames follow. No header is sent before that, so exception filters can answer an interceptor
 * that throws, with its status.
 */
export class DeferredWriter {
  private isDecided = false;

  constructor(
    private readonly writer: SseWriter,
    private readonly response: ServerResponse,
    private readonly steps: DeferredWriterSteps,
  ) {
    writer.unpipe(response);
    const commitHeaders = writer.commitHeaders.bind(writer);
    // Nest calls it on the next turn of the event loop, and when the interceptors complete.
    writer.commitHeaders = () => process.nextTick(() => this.declineIfEnded());
    // Nest 11 only ends its writer, as it does before it passes an error to the exception filters.
    writer.once('finish', () => setTimeout(() => this.declineIfEnded(), FILTERS_MS).unref());
    writer.writeMessage = (message, written) => {
      this.look(message, commitHeaders);
      process.nextTick(written);
    };
  }

  private look(message: MessageEvent, commitHeaders: () => void): void {
    if (this.isDecided) return;
    // A caching interceptor answers with an earlier event and skips the handler. The guards have still
    // admitted this client.
    if (!this.steps.isRequested() && !isConnected(message)) return;
    this.isDecided = true;
    this.writer.commitHeaders = commitHeaders;
    joinFirstWrites(this.response);
    commitHeaders();
    this.steps.opened();
  }

  /** Nest ends its writer when the interceptors have completed. */
  private declineIfEnded(): void {
    const { headersSent, closed } = this.response;
    if (this.isDecided || !this.writer.writableEnded || headersSent || closed) return;
    this.isDecided = true;
    this.steps.declined();
  }
}

function isConnected(message: MessageEvent): boolean {
  try {
    return CONNECTED.test(JSON.stringify(message));
  } catch {
    return false;
  }
}
