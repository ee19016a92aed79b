import { nanosFromMs } from '../jetstream/nanos.js';
import type { ReaderOptions, ReaderStart } from '../nats-client.interface.js';

const INACTIVE_THRESHOLD_MS = 30_000;

/** Reader options whose start is not only a time. */
export type PlacedOptions = ReaderOptions & {
  readonly start: Exclude<ReaderStart, { readonly timeNanos: bigint }>;
};

/** The configuration of one of our consumers, in the API's format. */
export interface ConsumerConfig {
  readonly name: string;
  readonly deliver_policy: 'by_start_sequence' | 'last_per_subject';
  readonly opt_start_seq?: number;
  readonly ack_policy: 'none';
  readonly replay_policy: 'instant';
  readonly mem_storage: true;
  readonly num_replicas: 1;
  readonly inactive_threshold: number;
  readonly headers_only?: true;
  readonly filter_subject?: string;
  readonly filter_subjects?: readonly string[];
}

/**
 * The cheapest possible consumer: ephemeral, without acknowledgements, in memory, one replica. It starts at
 * an explicit sequence or with the newest message of each subject. It never uses "new": a consumer
 * recreated before its first message would skip. It never starts at a time: see `MomentLookup`.
 *
 * @param limitMs - the stream's own limit of the inactive threshold, which the server enforces.
 */
export function consumerConfig(
  name: string,
  options: PlacedOptions,
  filters: readonly string[],
  limitMs: number | undefined,
): ConsumerConfig {
  const wanted = options.inactiveThresholdMs ?? INACTIVE_THRESHOLD_MS;
  const { start } = options;
  // The server rejects this policy without a filter.
  const sent = 'lastPerSubject' in start && filters.length === 0 ? ['>'] : filters;
  return {
    name,
    ...('lastPerSubject' in start
      ? { deliver_policy: 'last_per_subject' }
      : { deliver_policy: 'by_start_sequence', opt_start_seq: Math.max(1, start.sequence) }),
    ack_policy: 'none',
    replay_policy: 'instant',
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanosFromMs(Math.min(wanted, limitMs ?? wanted)),
    ...(options.headersOnly === true && { headers_only: true }),
    ...(sent.length === 1 && { filter_subject: sent[0] }),
    ...(sent.length > 1 && { filter_subjects: sent }),
  };
}
