import type { HubError } from '../hub-error.js';
import type { HubState } from '../hub/hub-state.js';
import type { Frame } from './frame.interface.js';

/** How a connection began (contract §3, `connected`). */
export interface Opening {
  /** The topics that it delivers. */
  readonly topics: readonly string[];
  /** The cursor that it was asked to go on from. */
  readonly cursor: string | undefined;
  /** The position that it starts after; empty where it starts with last values. */
  readonly id: string;
  readonly recovery: string;
  /** Why the cursor could not be continued. */
  readonly reason?: string | undefined;
}

/** Follows what a {@link TopicStream} does. */
export interface TopicStreamListener {
  /** Where the next connection has to go on, at the latest; undefined for a first one. */
  cursor(): string | undefined;
  /** `start` of the next connection, for a first one. */
  start(): string | undefined;
  /** A connection replaces the one before it: what it delivers begins after `opening.id`. */
  opened(opening: Opening): void;
  frame(frame: Frame): void;
  state(state: HubState): void;
  /**
   * The server refused topics. `served` are those that an older connection still delivers; undefined
   * where there is none, and nothing is tried again before `follow`.
   */
  refused(error: HubError, served: readonly string[] | undefined): void;
}

/** Frames of a changing set of topics, in order, over as many connections as it takes. */
export interface TopicStream {
  /** Delivers these topics from now on; `restart` makes a connection that begins at the listener's cursor. */
  follow(topics: readonly string[], restart?: boolean): void;
  close(): void;
}

/** The same in a page, which may sleep. */
export interface PageStream extends TopicStream {
  /** The page or the network is back. */
  wake(networkChanged: boolean): void;
  /** The page goes into the browser's cache; `wake` goes on. */
  suspend(): void;
}
