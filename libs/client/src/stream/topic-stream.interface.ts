import type { HubError } from '../hub-error.js';
import type { HubState } from '../hub/hub-state.js';
import type { Frame } from './frame.interface.js';

/** The opening of a connection (contract §3, `connected`). */
export interface Opening {
  /** The topics that it delivers. */
  readonly topics: readonly string[];
  /** The cursor that it was asked to resume from. */
  readonly cursor: string | undefined;
  /** The position after which it starts; empty if it starts with last values. */
  readonly id: string;
  readonly recovery: string;
  /** Why the cursor could not be resumed. */
  readonly reason?: string | undefined;
}

/** Callbacks and queries of a {@link TopicStream}. */
export interface TopicStreamListener {
  /** The latest position from which the next connection must resume; undefined for a first one. */
  cursor(): string | undefined;
  /** `start` of a first connection. */
  start(): string | undefined;
  /** A new connection replaces the previous one and delivers everything after `opening.id`. */
  opened(opening: Opening): void;
  frame(frame: Frame): void;
  state(state: HubState): void;
  /**
   * The server refused topics. `served` are those that an older connection still delivers; undefined if
   * there is none, and no retry is made before `follow`.
   */
  refused(error: HubError, served: readonly string[] | undefined): void;
}

/** The frames of a changing set of topics, in order, over successive connections. */
export interface TopicStream {
  /** Delivers these topics from now on; `restart` opens a connection at the listener's cursor. */
  follow(topics: readonly string[], restart?: boolean): void;
  close(): void;
}

/** The same in a page, which may be suspended. */
export interface PageStream extends TopicStream {
  /** The page or the network is back. */
  wake(networkChanged: boolean): void;
  /** The page enters the back/forward cache; `wake` resumes. */
  suspend(): void;
}
