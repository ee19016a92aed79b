import type { LoggerService } from '@nestjs/common';
import type { DisconnectReason, HubMetrics } from '@nuts/metrics';
import type { Observable } from 'rxjs';
import type { Channel } from '../channel/channel.js';
import type { HubOptions } from '../hub/hub-options.interface.js';
import type { StreamRequest } from '../hub/stream-request.interface.js';
import type { StreamLog } from '../log/stream-log.js';
import type { Plan } from '../plan/plan.js';
import type { WatchedConnection } from '../progress/stall-watch.js';
import type { OpenReplay } from '../replay/replay.js';
import type { ReplaySlots } from '../replay/replay-slots.js';
import type { TurnBudget } from '../turns/turn-budget.js';
import type { SessionEnds } from './session-ends.js';

/** Shared by the sessions of a hub. */
export interface SessionShared {
  readonly options: HubOptions;
  readonly log: StreamLog;
  readonly slots: ReplaySlots;
  readonly turns: TurnBudget;
  readonly metrics: HubMetrics;
  readonly ends: SessionEnds;
  readonly tick$: Observable<unknown>;
  /** See `turnClock`. */
  readonly now: () => number;
  readonly logger: Pick<LoggerService, 'error'>;
}

/** The resources that a session received at admission; `release` returns all of them. */
export interface SessionGrant {
  readonly request: StreamRequest;
  readonly plan: Plan;
  readonly channel: Channel;
  readonly replay: OpenReplay | undefined;
  readonly watched: WatchedConnection | undefined;
  /** Called once, when the response has closed. */
  readonly release: (reason: DisconnectReason) => void;
}
