import type { InjectionToken } from '@nestjs/common';

/** A stored message, as a mapper sees it. */
export interface MappableMessage {
  /** The subject without the hub's prefix. */
  readonly topic: string;
  /** Stream sequence, exact up to 2^53. */
  readonly sequence: number;
  /** Stored time in ns since 1970. */
  readonly timeNanos: bigint;
  /** The published bytes; a copy, made on first access. Empty for a key that was removed. */
  readonly payload: Uint8Array;
  /** What the message did to its key; undefined in a hub over a stream. */
  readonly operation: 'put' | 'delete' | 'purge' | undefined;
  /** The first value of a NATS header; names are case-sensitive. */
  header(name: string): string | undefined;
}

/** What clients get instead. A field that is left out stays as it was published. */
export interface MappedMessage {
  /** Bytes as they are, a string as UTF-8 text, anything else as JSON. Not undefined. */
  readonly payload?: unknown;
  /** The event's name; one that contract §3 does not allow becomes `message`. */
  readonly event?: string;
}

/** The hub that a message is mapped for. */
export interface MappingHub {
  readonly name: string;
  readonly path: string;
}

/**
 * Changes or drops the messages of a hub before they are encoded: redacts fields, names events, leaves
 * messages out. Every way to a client uses it: live events, replays, initial values and pages of history.
 *
 * Topic, id and time cannot be changed: tokens, wildcards and cursors refer to them.
 */
export interface MessageMapper {
  /**
   * Called once for a message in memory, whatever the number of clients, and again for each replay that reads
   * it from JetStream, and for pages of history. Must be synchronous, and depend on the message and the hub only: all
   * clients of the hub share the result.
   *
   * An error, a promise or a result that is no `MappedMessage` never sends the original: clients get a gap with
   * the reason `mapper_error`, which is counted and logged.
   *
   * @returns the message itself to leave it as it is, or undefined to drop it
   */
  map(message: MappableMessage, hub: MappingHub): MappedMessage | undefined;
}

/** A mapper of a hub: an instance, a class (created by Nest when no module provides it), or a token. */
export type HubMapper = MessageMapper | InjectionToken<MessageMapper>;
