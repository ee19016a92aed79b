import { Logger } from '@nestjs/common';
import { loggedList, loggedText, type RequestedSubscription } from '@nuts/auth';
import type { DisconnectReason, DropReason } from '@nuts/metrics';
import type { PageOutcome } from '../page/page.interface.js';
import type { Plan } from '../plan/plan.js';
import type { StreamFacts, StreamListener } from '../lifecycle/stream-event.interface.js';
import { type DroppedMessage, DropReport } from './drop-report.js';
import type { HubOptions } from './hub-options.interface.js';
import type { StreamRequest } from './stream-request.interface.js';

type ReplayMode =
  | 'deliver_new'
  | 'start_sequence'
  | 'fallback_deliver_all'
  | 'fallback_start_time'
  | 'start_all'
  | 'start_last'
  | 'start_count'
  | 'start_time';

/** The parts of a subscription that log lines contain. */
type Asked = Pick<RequestedSubscription, 'cursor' | 'topics'>;

/** Records the end of a stream. */
export interface LoggedSession {
  closed(reason: DisconnectReason): void;
}

/** Reports what a hub's streams do: log lines with the fields of contract §8, and events. */
export class SessionLogger {
  private readonly logger = new Logger('Stream');
  private readonly drops = new DropReport();
  private streams = 0;

  /** @param announce returns undefined while nothing listens */
  constructor(
    private readonly options: Pick<HubOptions, 'format' | 'name' | 'topicPrefix'>,
    private readonly announce: () => StreamListener | undefined = () => undefined,
  ) {}

  /** @returns records the stream's end */
  opened({ subscription, subscriber }: StreamRequest, plan: Plan): LoggedSession {
    const stream = (this.streams += 1);
    const openedAt = performance.now();
    const facts = (): StreamFacts => {
      const { name: hub } = this.options;
      const subject = subscriber?.subject;
      return {
        hub,
        topics: subscription.topics,
        stream,
        ...(subject !== undefined && { subject }),
      };
    };
    this.logOpened(subscription, plan);
    this.announce()?.({ type: 'opened', ...facts() });
    return {
      closed: (reason) => {
        this.logClosed(subscription, plan, reason);
        const durationMs = Math.round(performance.now() - openedAt);
        this.announce()?.({ type: 'closed', ...facts(), reason, durationMs });
      },
    };
  }

  /** Records a page of history at its end. Refused pages are logged by their refusal. */
  paged(asked: Asked, plan: Plan, { result, messages }: PageOutcome): void {
    const isNews = plan.recovery === 'fallback';
    if (result === 'refused' || (!isNews && !Logger.isLevelEnabled('log'))) return;
    const line = {
      msg: 'page closed',
      ...this.fields(asked, plan),
      page_result: result,
      page_messages: messages,
    };
    if (isNews) this.logger.warn(line);
    else this.logger.log(line);
  }

  private logOpened(asked: Asked, plan: Plan): void {
    // Operators need to know about fallbacks: a client's history could not be continued.
    const isNews = plan.recovery === 'fallback';
    // Checked before the line is built: a reconnect storm opens thousands of streams.
    if (!isNews && !Logger.isLevelEnabled('debug')) return;
    const line = { msg: 'stream opened', ...this.fields(asked, plan) };
    if (isNews) this.logger.warn(line);
    else this.logger.debug(line);
  }

  private logClosed(asked: Asked, plan: Plan, reason: DisconnectReason): void {
    const isNews = isTrouble(reason);
    if (!isNews && !Logger.isLevelEnabled('log')) return;
    const line = {
      msg: 'stream closed',
      ...this.fields(asked, plan),
      disconnect_reason: reason,
    };
    if (isNews) this.logger.warn(line);
    else this.logger.log(line);
  }

  refused(topics: readonly string[], reason: DisconnectReason, cause: unknown): void {
    if (reason === 'client_context_done') return;
    this.logger.warn({
      msg: 'stream refused',
      ...this.subjects(topics),
      disconnect_reason: reason,
      ...(cause instanceof Error && { error: cause.message }),
    });
  }

  /** Records a message that no client receives: the publisher made an error, or a limit is too low. */
  dropped({ reason, topic, sequence, size, error }: DroppedMessage): void {
    if (isIntended(reason)) return;
    const admitted = this.drops.admit(performance.now());
    if (admitted === undefined) return;
    const { name: hub, format } = this.options;
    this.logger.warn({
      msg: 'message dropped',
      hub,
      topic: loggedText(topic),
      sequence,
      size,
      reason,
      ...(format.maxEventBytes !== undefined && { max_event_size: format.maxEventBytes }),
      ...(error !== undefined && { error: loggedText(`${error.name}: ${error.message}`) }),
      ...(admitted.suppressed > 0 && { suppressed: admitted.suppressed }),
    });
  }

  private fields(asked: Asked, plan: Plan): Record<string, unknown> {
    return {
      ...this.subjects(asked.topics),
      replay_mode: replayMode(plan),
      replay_has_last_id: asked.cursor !== undefined,
      // In a fallback, the requested sequence, as in the original; the reason says why it was not used.
      replay_start_sequence: startSequence(asked, plan),
      ...(plan.reason !== undefined && { replay_fallback_reason: plan.reason }),
    };
  }

  private subjects(topics: readonly string[]): Record<string, unknown> {
    const { name: hub, topicPrefix } = this.options;
    const subjects = topics.map((topic) => topicPrefix + topic);
    return {
      hub,
      ...loggedList('topics', topics),
      ...loggedList('subjects', subjects),
      subject_label: loggedText(subjects.join(',')),
    };
  }
}

function startSequence({ cursor }: Asked, plan: Plan): number | string {
  if (cursor === undefined) return plan.after + 1;
  const start = cursor.sequence + 1n;
  return start > Number.MAX_SAFE_INTEGER ? String(start) : Number(start);
}

function replayMode(plan: Plan): ReplayMode {
  switch (plan.recovery) {
    case 'live':
      return 'deliver_new';
    case 'resumed':
      return 'start_sequence';
    case 'started':
      return STARTED[plan.start ?? 'all'];
    case 'fallback':
      return plan.notBeforeNanos === undefined ? 'fallback_deliver_all' : 'fallback_start_time';
    default:
      return plan.recovery satisfies never;
  }
}

const STARTED: Readonly<Record<NonNullable<Plan['start']>, ReplayMode>> = {
  live: 'deliver_new',
  all: 'start_all',
  last: 'start_last',
  count: 'start_count',
  time: 'start_time',
};

/** The server's own messages, and messages that the hub hides on purpose. */
function isIntended(reason: DropReason): boolean {
  return reason === 'control_message' || reason === 'replay_window' || reason === 'mapper_dropped';
}

/** A client that leaves, or is told to reconnect, is not an error. */
function isTrouble(reason: DisconnectReason): boolean {
  return (
    reason === 'slow_client' ||
    reason === 'write_error' ||
    reason === 'heartbeat_write_error' ||
    reason === 'consumer_unrecoverable' ||
    reason === 'stream_consumer_limit' ||
    reason === 'stream_recreated' ||
    reason === 'stream_rewound'
  );
}
