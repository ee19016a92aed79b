import type { ConfigurationMistake } from '../configuration.error.js';
import type { RawValue } from '../setting.interface.js';

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting as it was found. */
export interface RawSetting {
  /** Undefined: written down as empty, which takes a shared value away. */
  readonly value: RawValue | undefined;
  /** True when it was written in a way that is refused already: it is not missing. */
  readonly broken?: boolean;
  /** The name as written: `NATS_URL` or `nats_url`. */
  readonly name: string;
  /** Where it was written, for people: `NATS_URL`, `hubs.yaml:7: hubs[0].nats_url`. */
  readonly label: string;
}

export type RawSettings = ReadonlyMap<string, RawSetting>;

/** A hub, or an entry of `services`. */
export interface RawEntry {
  readonly own: RawSettings;
  /** How a setting that is missing would be named. */
  missing(name: string): Pick<RawSetting, 'name' | 'label'>;
}

/** What a source holds, before any value is read. */
export interface RawConfiguration {
  readonly process: RawSettings;
  /** Settings that every hub and every entry of `services` inherits. */
  readonly shared: RawSettings;
  readonly hubs: readonly RawEntry[];
  readonly services: readonly RawEntry[];
  readonly mistakes: readonly ConfigurationMistake[];
  readonly warnings: readonly string[];
}
