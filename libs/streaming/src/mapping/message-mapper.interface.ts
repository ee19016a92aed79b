import type { InjectionToken } from '@nestjs/common';

/** A stored message, as passed to a mapper. */
export interface MappableMessage {
  /** The subject without the hub's prefix. */
  readonly topic: string;
  /** Stream sequence, exact up to 2^53. */
  readonly sequence: number;
  /** Stored time in ns since 1970. */
  readonly timeNanos: bigint;
  /** A copy of the published bytes, created on first access. Empty for a deleted key. */
  readonly payload: Uint8Array;
  /** The message's operation on its key; undefined in a hub over a stream. */
  readonly operation: 'put' | 'delete' | 'purge' | undefined;
  /** The first value of a NATS header; names are case-sensitive. */
  header(name: string): string | undefined;
}

/** The replacement sent to clients. Omitted fields stay as published. */
export interface MappedMessage {
  /** Bytes are sent unchanged, a string as UTF-8 text, anything else as JSON. Must not be undefined. */
  readonly payload?: unknown;
  /** The event name; one that contract §3 does not allow becomes `message`. */
  readonly event?: string;
}

/** The hub that the message is mapped for. */
export interface MappingHub {
  readonly name: string;
  readonly path: string;
}

/**
 * Changes or drops the messages of a hub before they are encoded: hides fields, names events, drops
 * messages. Applies to everything that clients receive: live events, replays, initial values and pages of
 * history.
 *
 * Topic, ID and time cannot be changed, because tokens, wildcards and cursors depend on them.
 */
export interface MessageMapper {
  /**
   * Called once for each message in memory, independent of the number of clients, and again for replays
   * that read it from JetStream and for pages of history. Must be synchronous and depend only on the
   * message and the hub: all clients of the hub share the result.
   *
   * After an error, a promise or an invalid result, the original is not sent: clients receive a gap with
   * the reason `mapper_error`, which is counted and logged.
   *
   * @returns the message itself to leave it unchanged, or undefined to drop it
   */
  map(message: MappableMessage, hub: MappingHub): MappedMessage | undefined;
}

/** A hub's mapper: an instance, a class (created by Nest if no module provides it), or a token. */
export type HubMapper = MessageMapper | InjectionToken<MessageMapper>;
