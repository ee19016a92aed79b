/** A client and its number of streams. */
export interface ClientPresence {
  /** The token's `sub`, or the subject that your own guard set. */
  readonly subject: string;
  readonly streams: number;
}

/** The subscribers of a topic. */
export interface TopicPresence {
  /** All streams, including those of anonymous clients. */
  readonly streams: number;
  /** Sorted by subject. */
  readonly clients: readonly ClientPresence[];
  /** There are more clients than listed. */
  readonly more?: true;
}

/** The subscribers of the topics, from every process that answered (contract §14). */
export interface Presence {
  readonly topics: Readonly<Record<string, TopicPresence>>;
  /** Number of processes, including this one. */
  readonly processes: number;
  /** Lower than `processes` if one did not respond; the figures are then too low. */
  readonly answered: number;
}

/**
 * Answers `GET {path}/presence`. Bind {@link PRESENCE_SOURCE} in a global module to replace it, for example
 * with your own store.
 */
export interface PresenceSource {
  /**
   * @param hub the hub's name
   * @param topics validated, distinct, without the hub's prefix
   */
  presenceOf(hub: string, topics: readonly string[]): Promise<Presence>;
}

/** Injection token of the {@link PresenceSource}. By default, only this process answers. */
export const PRESENCE_SOURCE = Symbol('PresenceSource');
