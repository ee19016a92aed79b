import { timeOf } from '../jetstream/nanos.js';
import { nanosFromMs } from '../jetstream/nanos.js';
import type { ReaderOptions } from '../nats-client.interface.js';

const INACTIVE_THRESHOLD_MS = 30_000;

/** The configuration of one of our consumers, as the API takes it. */
export interface ConsumerConfig {
  readonly name: string;
  readonly deliver_policy: 'by_start_sequence' | 'by_start_time';
  readonly opt_start_seq?: number;
  readonly opt_start_time?: string;
  readonly ack_policy: 'none';
  readonly replay_policy: 'instant';
  readonly mem_storage: true;
  readonly num_replicas: 1;
  readonly inactive_threshold: number;
  readonly filter_subject?: string;
  readonly filter_subjects?: readonly string[];
}

/**
 * An ephemeral consumer that costs the server as little as one can: no acknowledgements, in memory,
 * one replica. It starts at an explicit place, never at "new": one that is made anew before its
 * first message would skip.
 *
 * @param limitMs - the stream's own limit of the inactive threshold, which the server enforces.
 */
export function consumerConfig(
  name: string,
  options: ReaderOptions,
  filters: readonly string[],
  limitMs: number | undefined,
): ConsumerConfig {
  const { start } = options;
  const wanted = options.inactiveThresholdMs ?? INACTIVE_THRESHOLD_MS;
  const base = {
    name,
    ack_policy: 'none',
    replay_policy: 'instant',
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanosFromMs(Math.min(wanted, limitMs ?? wanted)),
    ...(filters.length === 1 && { filter_subject: filters[0] }),
    ...(filters.length > 1 && { filter_subjects: filters }),
  } as const;
  return 'sequence' in start
    ? { ...base, deliver_policy: 'by_start_sequence', opt_start_seq: Math.max(1, start.sequence) }
    : { ...base, deliver_policy: 'by_start_time', opt_start_time: timeOf(start.timeNanos) };
}
