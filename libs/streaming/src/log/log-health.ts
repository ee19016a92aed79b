import type { NatsClient } from '@nuts/nats';
import type { LogMemory } from './log-memory.js';
import type { NewestPosition } from './newest-position.js';
import type { StreamFactsKeeper } from './stream-facts.keeper.js';
import type { Tail } from './tail.js';

/** Why a log cannot serve clients at the moment. */
export type LogTrouble =
  'nats_disconnected' | 'jetstream_missing' | 'stream_info_error' | 'tail_stalled' | 'starting';

/** The parts of a log that its health depends on. */
export interface ExaminedLog {
  readonly client: Pick<NatsClient, 'status'>;
  readonly keeper: Pick<StreamFactsKeeper, 'facts' | 'trouble'>;
  readonly memory: Pick<LogMemory, 'firstRead'>;
  readonly newest: Pick<NewestPosition, 'isCaughtUp'>;
  readonly tail: Pick<Tail, 'alive' | 'hasBegun'>;
  /** The stream is of a kind that cannot be served. */
  isUnusable(): boolean;
}

/** Whether a log can serve clients. Answers from memory, without waiting. */
export class LogHealth {
  constructor(private readonly log: ExaminedLog) {}

  /** Undefined if delivery works: NATS is connected, the stream exists and the tail reads it. */
  get currentTrouble(): LogTrouble | undefined {
    const { client, keeper, memory, newest, tail } = this.log;
    if (client.status !== 'connected') return 'nats_disconnected';
    const { trouble } = keeper;
    if (trouble !== undefined) {
      return trouble.kind === 'no_jetstream' ? 'jetstream_missing' : 'stream_info_error';
    }
    if (this.log.isUnusable()) return 'stream_info_error';
    const isStarting = !newest.isCaughtUp || !tail.hasBegun || memory.firstRead !== undefined;
    if (isStarting) return 'starting';
    return tail.alive ? undefined : 'tail_stalled';
  }

  /**
   * Whether streams may open. A failed stream info request alone does not block them, because requests
   * served from memory do not need it.
   */
  get canServe(): boolean {
    const { client, keeper, newest, tail } = this.log;
    const isReading = newest.isCaughtUp && tail.alive;
    return client.status === 'connected' && keeper.facts !== undefined && isReading;
  }
}
