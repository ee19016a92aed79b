import type { MessageEvent } from '@nestjs/common';
import type { DisconnectReason, WriteSite } from '@nuts/metrics';
import type { Observable, Subscription } from 'rxjs';
import { GzipResponse } from '../compression/gzip-response.js';
import { connectedEvent, type ConnectedEvent } from '../frames/connected-event.js';
import type { OpenedStream, StreamRequest } from '../hub/stream-request.interface.js';
import { close as closeReplay } from '../replay/replay.js';
import { Opening } from './opening.js';
import type { Outbound, StreamEnd } from './outbound.js';
import { ResponseWriter } from './response-writer.js';
import { clientEnd, countEnd } from './session-outcome.js';
import { SessionSource } from './session-source.js';
import type { SessionGrant, SessionShared } from './session.interface.js';
import { connectedRetry } from './token-rules.js';

/** Maximum bytes in transit to one client (contract §5), besides `client_buffer_size` frames. */
const MAX_BYTES_ON_THE_WAY = 256 * 1024;
/** How long an ended response may take to close if `write_timeout` is off, in ms. */
const CLOSING_MS = 30_000;

/**
 * One client's stream. It opens in Nest's `@Sse()` route, writes all frames itself, and ends in one
 * place. The stream ends with its pipeline. Its connection slot in the hub is held until the response has
 * closed, because an ended socket may stay open with megabytes of pending data.
 */
export class Session implements OpenedStream {
  private readonly writer: ResponseWriter;
  private readonly opening: Opening;
  private readonly source: SessionSource;
  private pipeline: Subscription | undefined;
  private reason: DisconnectReason | undefined;
  private writing: WriteSite = 'connected';
  private closing: NodeJS.Timeout | undefined;
  private isReleased = false;

  constructor(
    private readonly shared: SessionShared,
    private readonly grant: SessionGrant,
  ) {
    const { response } = grant.request;
    const { metrics, options } = shared;
    const bounds = { maxFrames: options.clientBufferSize, maxBytes: MAX_BYTES_ON_THE_WAY };
    const gzip = grant.request.acceptsGzip ? new GzipResponse(response) : undefined;
    this.writer = new ResponseWriter(response, bounds, { gzip, metrics });
    this.source = new SessionSource(shared, grant, this.writer);
    this.opening = new Opening(response, {
      event: () => this.connectedEvent(),
      opened: () => this.begin(),
      declined: () => grant.request.declined(),
    });
  }

  /** Tracks the response from now until it closes. */
  open(): OpenedStream {
    const { response } = this.grant.request;
    response.once('close', () => this.released());
    // The client disconnected during planning, so `close` will not be emitted again.
    if (response.destroyed || response.closed) this.released();
    return this;
  }

  events(): Observable<MessageEvent> {
    return this.opening.events();
  }

  get subscriber(): StreamRequest['subscriber'] {
    return this.grant.request.subscriber;
  }

  get topics(): readonly string[] {
    return this.grant.request.subscription.topics;
  }

  get subject(): string | undefined {
    return this.subscriber?.subject;
  }

  /** Whether the stream has ended or is about to; its connection may still be open. */
  get isOver(): boolean {
    return this.reason !== undefined || this.source.isOverEarly;
  }

  /** Ends the stream after its last whole frame, or immediately after the connected event. */
  end(end: StreamEnd): void {
    this.source.end(end);
  }

  /** Destroys the connection of a client that does not read the end of its stream. */
  destroy(): void {
    this.grant.request.response.destroy();
  }

  private connectedEvent(): ConnectedEvent {
    const { plan, request } = this.grant;
    const start =
      plan.recovery === 'fallback'
        ? { recovery: plan.recovery, reason: plan.reason ?? '' }
        : { recovery: plan.recovery };
    const retryMs = connectedRetry(this.shared.options, request.subscriber);
    return connectedEvent({
      topics: request.subscription.topics,
      start,
      id: plan.id,
      ...(retryMs !== undefined && { retryMs }),
    });
  }

  /** The connected event is in transit: from now on the session writes. */
  private begin(): void {
    if (this.isReleased) return;
    this.pipeline = this.source.run().subscribe({
      next: (item) => this.write(item),
      complete: () => this.finish(),
    });
  }

  private write(item: Outbound): void {
    const { metrics } = this.shared;
    switch (item.kind) {
      case 'segment':
        this.writing = 'message';
        this.writer.writeSegment(item);
        metrics.delivered(item.messages);
        return;
      case 'heartbeat':
      case 'notice':
        this.writing = item.kind === 'heartbeat' ? 'heartbeat' : 'message';
        this.writer.write(item.bytes, 1);
        return;
      case 'end':
        this.reason ??= item.reason;
        if (item.bytes !== undefined) this.writer.write(item.bytes, 1);
        return;
      default:
        return item satisfies never;
    }
  }

  /** The stream has ended by itself. */
  private finish(): void {
    this.stop();
    this.grant.request.response.end();
    this.opening.close();
  }

  private stop(): void {
    this.pipeline?.unsubscribe();
    this.writer.release();
    const { response } = this.grant.request;
    this.reason ??= clientEnd(response, this.writing);
    if (this.reason === 'slow_client') {
      response.destroy();
      return;
    }
    const closingMs = this.shared.options.writeTimeoutMs ?? CLOSING_MS;
    this.closing ??= setTimeout(() => response.destroy(), closingMs).unref();
  }

  private released(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    clearTimeout(this.closing);
    this.reason ??= clientEnd(this.grant.request.response, this.writing);
    this.pipeline?.unsubscribe();
    this.writer.release();
    this.opening.close();
    // A session that never ran still holds the consumer that was created for it.
    if (!this.source.hasBegun && this.grant.replay !== undefined) closeReplay(this.grant.replay);
    countEnd(this.shared.metrics, this.reason, this.writing);
    this.grant.release(this.reason);
  }
}
