import type { Plan } from '../plan/plan.js';
import type { FrameSink } from '../session/response-writer.js';
import { InitialPhase } from '../session/initial-phase.js';
import { InitialScope } from './initial-scope.js';
import { Replay, type OpenReplay, type ReplayContext } from './replay.js';

/** The session does not run yet, so nothing is written. */
const NO_SINK: FrameSink = {
  isIdle: false,
  isFlushed: false,
  fit: (segment) => segment.take(0),
  fitShared: (segment) => segment.take(0),
  isCompressed: false,
  writeSegment: () => undefined,
  write: () => undefined,
  whenIdle: () => undefined,
};

/**
 * Creates the consumer for a session that needs one, before anything is sent. If the stream has reached its
 * consumer limit, the client then gets that answer. Rejects with a `NatsReadError`.
 *
 * @returns undefined if memory serves the session or no slot is free; with `waitsForInitial` and
 *   `start=last` it waits for a slot
 */
export async function openFirstReplay(
  context: Pick<ReplayContext, 'log' | 'slots' | 'channel' | 'client' | 'waiting'> & {
    readonly waitsForInitial?: boolean;
  },
  plan: Pick<Plan, 'after' | 'notBeforeNanos' | 'start'>,
  signal: AbortSignal,
): Promise<OpenReplay | undefined> {
  const ignored = { sink: NO_SINK, onFailure: () => undefined };
  if (plan.start === 'last') {
    const phase = new InitialPhase(plan.notBeforeNanos, () => undefined);
    const scope = new InitialScope(context, phase);
    const replay = new Replay({ ...context, ...ignored }, phase, signal, scope);
    if (replay.isOver) return undefined;
    return context.waitsForInitial === true ? replay.openInTurn() : replay.tryOpen();
  }
  const target = {
    cursor: plan.after,
    notBeforeNanos: plan.notBeforeNanos,
    emit: () => undefined,
  };
  const replay = new Replay({ ...context, ...ignored }, target, signal);
  if (replay.isOver || (await replay.settle())) return undefined;
  return replay.tryOpen();
}
