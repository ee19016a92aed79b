import type { HubState } from '../hub/hub-state.js';
import type { Frame } from '../stream/frame.interface.js';
import type { Opening } from '../stream/topic-stream.interface.js';

/** What a tab needs from the shared connection. */
export interface Wanted {
  readonly topics: readonly string[];
  /** The latest position to continue from; undefined for a first connection. */
  readonly cursor: string | undefined;
  /** Its cursor is before the connection's position. */
  readonly restart: boolean;
}

/** From a tab to the leader: its current needs. */
export interface TabRequest {
  readonly type: 'want';
  readonly tab: string;
  readonly wanted: Wanted;
}

/** From the leader to the tabs. */
export type LeaderUpdate =
  /** A new leader: every tab must send its needs. */
  | { readonly type: 'lead' }
  /** A connection delivers from `opening.id` on. Sent to one tab, or to all. */
  | { readonly type: 'opened'; readonly to?: string; readonly opening: Opening }
  | { readonly type: 'frames'; readonly frames: readonly Frame[] }
  | { readonly type: 'state'; readonly state: HubState }
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly reason: string;
      readonly served: readonly string[] | undefined;
    };

/**
 * A message with the leader's term: each leader has a higher term than its predecessors. A frozen tab that
 * was the leader may wake up in the middle of a frame; its messages are then outdated.
 */
export type LeaderMessage = LeaderUpdate & { readonly term: number };

/** The messages between the tabs of one hub. */
export type TabMessage = TabRequest | LeaderMessage;
