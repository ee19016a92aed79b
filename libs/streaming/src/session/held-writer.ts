import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { MessageEvent } from '@nestjs/common';
import { joinFirstWrites } from './join-first-writes.js';

/** What of Nest's SSE writer decides when headers go out, and what follows them. */
export interface SseWriter extends Readable {
  readonly writableEnded: boolean;
  commitHeaders(): void;
  writeMessage(message: MessageEvent, written: () => void): void;
}

/** How the opening of a stream behind interceptors goes on. */
export interface HeldSteps {
  /** Whether the route's handler ran: an interceptor may answer without it. */
  readonly isRequested: () => boolean;
  /** The headers are out. */
  readonly opened: () => void;
  /** The interceptors let nothing through; nothing was sent. */
  readonly declined: () => void;
}

/** How long exception filters may take to answer an error, in ms. */
const FILTERS_MS = 1_000;

/** A connected event, also one that was wrapped in an object, or in JSON within JSON. */
const CONNECTED = /\\*"type\\*":\\*"connected\\*"/;

/**
 * Nest's SSE writer of a route with interceptors, kept off the response.
 *
 * What an interceptor of the whole application makes of an event is made for JSON answers: a wrapped
 * event loses its type and id, Nest invents another id, and a browser resumes there. A timeout would
 * become an `error` event with an id. So the first event that comes through means «open», whatever became
 * of it, and the stream's own frames follow. Until then no header is sent: an interceptor that throws
 * is answered by Nest's exception filters, with its status.
 */
export class HeldWriter {
  private isDecided = false;

  constructor(
    private readonly writer: SseWriter,
    private readonly response: ServerResponse,
    private readonly steps: HeldSteps,
  ) {
    writer.unpipe(response);
    const commitHeaders = writer.commitHeaders.bind(writer);
    // Nest calls it on the next turn of the loop, and at the end of what the interceptors emit.
    writer.commitHeaders = () => process.nextTick(() => this.declineIfEnded());
    // Nest 11 just ends its writer, as it does before it hands an error to the exception filters.
    writer.once('finish', () => setTimeout(() => this.declineIfEnded(), FILTERS_MS).unref());
    writer.writeMessage = (message, written) => {
      this.look(message, commitHeaders);
      process.nextTick(written);
    };
  }

  private look(message: MessageEvent, commitHeaders: () => void): void {
    if (this.isDecided) return;
    // A cache answers with an earlier request's event, and the handler never runs. The guards have
    // admitted this client all the same.
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
