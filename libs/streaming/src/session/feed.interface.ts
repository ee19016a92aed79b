import type { NatsReadError } from '@nuts/nats';
import type { LiveFrame } from '../channel/initial-values.js';
import type { Channel } from '../channel/channel.js';
import type { StreamLog } from '../log/stream-log.js';
import type { Plan } from '../plan/plan.js';
import type { ReplaySlots } from '../replay/replay-slots.js';
import type { TurnBudget } from '../turns/turn-budget.js';
import type { OpenReplay } from '../replay/replay.js';
import type { FrameSink } from './response-writer.js';

/** The parts that a feed reads from and writes to. */
export interface FeedSource {
  readonly log: StreamLog;
  readonly channel: Channel;
  readonly slots: ReplaySlots;
  /** Spreads what sessions read from memory over turns of the event loop. */
  readonly turns: TurnBudget;
  readonly sink: FrameSink;
  /** The key by which replay slots are shared fairly. */
  readonly client: () => string;
  /** Called when the feed begins to wait for a replay slot, and when its wait ends. */
  readonly waiting?: ((isWaiting: boolean) => void) | undefined;
  readonly observer: FeedObserver;
}

/** Observes the state changes of a session. */
export interface FeedObserver {
  wentLive(): void;
  lagging(): void;
  /** A consumer was lost or refused; the replay continues with another one. */
  replayFailed(failure: NatsReadError): void;
  /** The replay cannot continue: the session must end. */
  replayGaveUp(error: unknown): void;
}

/** Where a feed starts. */
export interface FeedStart {
  /** With the start `last`, the newest message of each subject comes first. */
  readonly plan: Pick<Plan, 'after' | 'notBeforeNanos' | 'start'>;
  readonly replay?: OpenReplay | undefined;
  /** Creates the frame that marks the end of the history, with its position (contract §9). Sent once. */
  readonly liveFrame?: LiveFrame | undefined;
  /** Called once, with the position, after the history was emitted. */
  readonly onLive?: ((sequence: number) => void) | undefined;
}
