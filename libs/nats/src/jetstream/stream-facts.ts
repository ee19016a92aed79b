import type { StreamFacts } from '../nats-client.interface.js';
import { steadyNow } from '../stream-clock.js';
import { nanosOf } from './nanos.js';
import type { StreamGroup } from './stream-quorum.js';

/** The parts of a `STREAM.INFO` response that are used. Durations are in ns. */
export interface StreamInfoAnswer {
  readonly created: string;
  /** The server's time of the response; since 2.10. */
  readonly ts?: string;
  /** Absent without a cluster. */
  readonly cluster?: StreamGroup;
  readonly config: {
    readonly name: string;
    readonly subjects?: readonly string[] | null;
    readonly retention?: StreamFacts['retention'];
    readonly storage?: StreamFacts['storage'];
    readonly num_replicas?: number;
    readonly max_msgs?: number;
    readonly max_bytes?: number;
    readonly max_age?: number;
    readonly max_consumers?: number;
    readonly allow_direct?: boolean;
    readonly max_msgs_per_subject?: number;
    readonly allow_rollup_hdrs?: boolean;
    readonly allow_msg_ttl?: boolean;
    readonly mirror?: unknown;
    readonly sources?: readonly unknown[] | null;
    readonly subject_transform?: unknown;
    readonly consumer_limits?: { readonly inactive_threshold?: number };
  };
  readonly state: {
    readonly messages: number;
    readonly bytes: number;
    readonly first_seq: number;
    readonly last_seq: number;
    readonly last_ts?: string;
    readonly consumer_count?: number;
  };
}

/** @param nowMs when the response arrived, by the steady clock */
export function streamFacts(
  { config, state, created, ts = '' }: StreamInfoAnswer,
  nowMs = steadyNow(),
): StreamFacts {
  const serverNanos = nanosOf(ts);
  const threshold = config.consumer_limits?.inactive_threshold ?? 0;
  return {
    name: config.name,
    subjects: config.subjects ?? [],
    hasSources: mayHoldUnlisted(config),
    firstSequence: state.first_seq,
    lastSequence: state.last_seq,
    lastTimeNanos: nanosOf(state.last_ts ?? ''),
    created,
    retention: config.retention ?? 'limits',
    storage: config.storage ?? 'file',
    replicas: config.num_replicas ?? 1,
    messages: state.messages,
    bytes: state.bytes,
    consumers: state.consumer_count ?? 0,
    maxMessages: config.max_msgs ?? -1,
    maxBytes: config.max_bytes ?? -1,
    maxAgeSeconds: (config.max_age ?? 0) / 1e9,
    maxConsumers: config.max_consumers ?? -1,
    allowDirect: config.allow_direct ?? false,
    maxMessagesPerSubject: config.max_msgs_per_subject || -1,
    // A mirror stores what its origin kept, and ignores such headers.
    appliesRollups: config.allow_rollup_hdrs === true && !config.mirror,
    appliesMessageTtl: config.allow_msg_ttl === true,
    ...(serverNanos > 0n && { clockAheadMs: Number(serverNanos) / 1e6 - nowMs }),
    ...(threshold > 0 && { maxInactiveThresholdMs: threshold / 1e6 }),
  };
}

function mayHoldUnlisted(config: StreamInfoAnswer['config']): boolean {
  const { mirror, sources, subject_transform: transform } = config;
  return Boolean(mirror) || Boolean(transform) || (sources?.length ?? 0) > 0;
}
