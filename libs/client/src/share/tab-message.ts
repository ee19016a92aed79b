import type { HubState } from '../hub/hub-state.js';
import type { Frame } from '../stream/frame.interface.js';
import type { Opening } from '../stream/topic-stream.interface.js';

/** What a tab wants of the connection that all share. */
export interface Wanted {
  readonly topics: readonly string[];
  /** Where it has to go on, at the latest; undefined for a first connection. */
  readonly cursor: string | undefined;
  /** Its cursor is earlier than what the connection delivers. */
  readonly restart: boolean;
}

/** From a tab to the leader: what it wants from now on. */
export interface TabRequest {
  readonly type: 'want';
  readonly tab: string;
  readonly wanted: Wanted;
}

/** What the leader tells the tabs. */
export type LeaderNews =
  /** It is new: every tab shall tell it what it wants. */
  | { readonly type: 'lead' }
  /** A connection delivers from `opening.id` on. To one tab, or to all. */
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
 * News with the leader's term: each leader has a higher one than those before it. A tab that stood still
 * may have led before, and wake up in the middle of a frame: what it says then is out of date.
 */
export type LeaderMessage = LeaderNews & { readonly term: number };

/** What the tabs of one hub tell each other. */
export type TabMessage = TabRequest | LeaderMessage;
