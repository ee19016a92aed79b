import type { DisconnectReason } from '@nuts/metrics';
import { NatsReadError } from '@nuts/nats';
import { commentFrame, resetFrame } from '../frames/control-frames.js';
import { jitter } from '../frames/jitter.js';
import type { ResetReason } from '../log/generation.js';
import type { StreamEnd } from './outbound.js';

/** Bounds of the short delay, in ms (contract §3). */
const MIN_RETURN_MS = 100;
const MAX_RETURN_MS = 1_000;

/**
 * The last frames of a stream. If only one client's stream ends, the client reconnects within a second;
 * ends of all streams are spread around the hub's `transient_retry`.
 */
export class SessionEnds {
  /** The stream has reached its history limit; the client reconnects after its own delay. */
  readonly replayCapReached: StreamEnd = { kind: 'end', reason: 'replay_cap_reached' };

  constructor(private readonly transientRetryMs: number) {}

  tokenExpired(): StreamEnd {
    return this.withRetry('token_expired', 'token expired', shortDelay());
  }

  /** The key that signed the token was removed from its key set. */
  keyWithdrawn(): StreamEnd {
    return this.withRetry('token_expired', 'token no longer valid', shortDelay());
  }

  ageReached(): StreamEnd {
    return this.withRetry('max_connection_age', 'connection age reached', shortDelay());
  }

  shutdown(): StreamEnd {
    return this.withRetry('handler_shutdown', 'server shutting down');
  }

  /** The application closed the stream, after a logout or for a revoked token. */
  closed(): StreamEnd {
    return this.withRetry('client_context_done', 'closed', shortDelay());
  }

  reset(reason: ResetReason): StreamEnd {
    return { kind: 'end', reason, bytes: resetFrame(reason, jitter(this.transientRetryMs)) };
  }

  /** A replay cannot continue. */
  replayFailed(error: unknown): StreamEnd {
    if (error instanceof NatsReadError && error.kind === 'consumer_limit') {
      return this.withRetry('stream_consumer_limit', 'Stream consumer limit reached');
    }
    return this.withRetry('consumer_unrecoverable', 'Failed to subscribe to requested topics');
  }

  private withRetry(
    reason: DisconnectReason,
    comment: string,
    retryMs = jitter(this.transientRetryMs),
  ): StreamEnd {
    return { kind: 'end', reason, bytes: commentFrame({ comment, retryMs }) };
  }
}

/** With jitter: tokens that were issued together expire together. */
function shortDelay(): number {
  return Math.round(MIN_RETURN_MS + Math.random() * (MAX_RETURN_MS - MIN_RETURN_MS));
}
