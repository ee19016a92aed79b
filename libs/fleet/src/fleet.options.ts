import type { NatsOptions } from '@nuts/nats';

/** Options of `FleetModule`. */
export interface FleetOptions {
  /** Processes with the same name form a fleet: A-Z a-z 0-9 _ -, at most 64 bytes. `fleet`. */
  readonly name: string;
  /** All subjects start with `<subject>.<name>`. Default `nuts.fleet`. `fleet_subject`. */
  readonly subject?: string;
  /** The NATS system shared by the processes. Default: the first hub's. */
  readonly nats?: NatsOptions;
}

/** Injection token of {@link FleetOptions}. */
export const FLEET_OPTIONS = Symbol('FleetOptions');

/** The fleet's options are invalid; the message contains the remedy. */
export class FleetOptionsError extends Error {
  override readonly name = 'FleetOptionsError';
}
