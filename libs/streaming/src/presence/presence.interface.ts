/** A client and its streams. */
export interface ClientPresence {
  /** The token's `sub`, or what a guard of your own named. */
  readonly subject: string;
  readonly streams: number;
}

/** Who listens to a topic. */
export interface TopicPresence {
  /** All streams, those of anonymous clients included. */
  readonly streams: number;
  /** By subject, in its order. */
  readonly clients: readonly ClientPresence[];
  /** There are more clients than are listed. */
  readonly more?: true;
}

/** Who listens to what, in every process that answered (contract §14). */
export interface Presence {
  readonly topics: Readonly<Record<string, TopicPresence>>;
  /** Processes of the service, this one included. */
  readonly processes: number;
  /** Fewer than `processes` when one was silent: the figures are then too low. */
  readonly answered: number;
}

/**
 * Answers `GET {path}/presence`. Bind {@link PRESENCE_SOURCE} in a global module to replace it: an
 * implementation over a store of your own, for example.
 */
export interface PresenceSource {
  /**
   * @param hub the hub's name
   * @param topics checked, distinct, without the hub's prefix
   */
  presenceOf(hub: string, topics: readonly string[]): Promise<Presence>;
}

/** Token of the {@link PresenceSource}; by default this process alone answers. */
export const PRESENCE_SOURCE = Symbol('PresenceSource');
