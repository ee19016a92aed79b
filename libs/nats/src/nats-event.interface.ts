import type { NatsConnectError } from './nats.errors.js';

/** The connection of an event: the main one, or the one for replays. */
export type NatsConnectionRole = 'main' | 'replay';

/** The closed set of labels for `nuts_nats_async_errors_total{kind}` (contract §8). */
export type NatsAsyncErrorKind =
  'slow_consumer' | 'timeout' | 'connection_state' | 'consumer_invalidated' | 'other';

/** Connection events, for logs and metrics. They contain no secrets. */
export type NatsEvent = { readonly connection: NatsConnectionRole } & (
  | { readonly type: 'connect'; readonly server: string; readonly version: string }
  | { readonly type: 'reconnect'; readonly server: string; readonly version: string }
  | { readonly type: 'disconnect'; readonly server: string; readonly reason?: string }
  | { readonly type: 'lame_duck'; readonly server: string }
  /** The attempts are used up, or the client was closed. */
  | { readonly type: 'closed' }
  /** One attempt failed; more follow unless `closed` does. */
  | { readonly type: 'attempt_failed'; readonly error: NatsConnectError }
  | {
      readonly type: 'async_error';
      readonly kind: NatsAsyncErrorKind;
      readonly message: string;
    }
);
