import type { NatsReadError } from '@nuts/nats';
import type { LiveFrame } from '../channel/initial-values.js';
import type { Channel } from '../channel/channel.js';
import type { StreamLog } from '../log/stream-log.js';
import type { Plan } from '../plan/plan.js';
import type { ReplaySlots } from '../replay/replay-slots.js';
import type { OpenReplay } from '../replay/replay.js';
import type { FrameSink } from './response-writer.js';

/** What a feed reads from and writes to. */
export interface FeedSource {
  readonly log: StreamLog;
  readonly channel: Channel;
  readonly slots: ReplaySlots;
  readonly sink: FrameSink;
  /** Whom replay slots are shared fairly among. */
  readonly client: () => string;
  readonly observer: FeedObserver;
}

/** Hears of a session's changes of state. */
export interface FeedObserver {
  wentLive(): void;
  lagging(): void;
  /** A consumer was lost or refused; the replay goes on with another. */
  replayFailed(failure: NatsReadError): void;
  /** The replay cannot go on: the session has to end. */
  replayGaveUp(error: unknown): void;
}

/** Where a feed starts. */
export interface FeedStart {
  /** With the start `last` the newest message of each subject comes first. */
  readonly plan: Pick<Plan, 'after' | 'notBeforeNanos' | 'start'>;
  readonly replay?: OpenReplay | undefined;
  /** Makes the frame that announces the end of the history, with its position (contract §9). Sent once. */
  readonly liveFrame?: LiveFrame | undefined;
  /** Called once, with the position, when the history was emitted. */
  readonly onLive?: ((sequence: number) => void) | undefined;
}
