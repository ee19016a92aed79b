import { NatsReadError } from '../nats.errors.js';

/** The group that replicates a stream, as `STREAM.INFO` describes it. */
export interface StreamGroup {
  /** The members other than the leader; absent for a stream without replicas. */
  readonly replicas?: readonly { readonly active?: number }[] | null;
}

/**
 * How long ago a leader may have heard from a majority, in ns. It hears from each member every second. The
 * others elect another leader after 4 s without it, at the earliest.
 */
const SILENCE_NANOS = 3.5e9;

/**
 * Rejects the answer of a leader that has lost contact with the majority. In a partition, it answers for
 * more than 10 s while the others may have elected another one: its stream then seems rewound, and new
 * cursors seem to be ahead of it.
 *
 * @throws NatsReadError
 */
export function requireQuorum(action: string, group: StreamGroup | undefined): void {
  const others = group?.replicas ?? [];
  const heard = others.filter(({ active = 0 }) => active <= SILENCE_NANOS).length;
  if (1 + heard > (1 + others.length) / 2) return;
  throw new NatsReadError('no_leader', `${action}: its leader has lost contact with the majority`);
}
