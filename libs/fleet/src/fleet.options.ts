import type { NatsOptions } from '@nuts/nats';

/** Options of `FleetModule`. */
export interface FleetOptions {
  /** Processes with this name work together: A-Z a-z 0-9 _ -, at most 64 bytes. `fleet`. */
  readonly name: string;
  /** Everything is below `<subject>.<name>`. Default `nuts.fleet`. `fleet_subject`. */
  readonly subject?: string;
  /** The NATS system that the processes share. Default: the first hub's. */
  readonly nats?: NatsOptions;
}

/** Token of the {@link FleetOptions}. */
export const FLEET_OPTIONS = Symbol('FleetOptions');

/** The fleet cannot work with these options; the message says what to change. */
export class FleetOptionsError extends Error {
  override readonly name = 'FleetOptionsError';
}
