import type { ConfigurationIssue } from '../configuration.error.js';
import type { RawValue } from '../setting.interface.js';

/** The environment, like `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting as found in its source. */
export interface RawSetting {
  /** Undefined = present but empty, which removes a shared value. */
  readonly value: RawValue | undefined;
  /** Whether an error was already reported for it, so that it is not reported as missing. */
  readonly broken?: boolean;
  /** The name in its source: `NATS_URL` or `nats_url`. */
  readonly name: string;
  /** Its place, for errors: `NATS_URL`, `hubs.yaml:7: hubs[0].nats_url`. */
  readonly label: string;
}

export type RawSettings = ReadonlyMap<string, RawSetting>;

/** A hub, or an entry of `services`. */
export interface RawEntry {
  readonly own: RawSettings;
  /** The name of a missing setting, for errors. */
  missing(name: string): Pick<RawSetting, 'name' | 'label'>;
}

/** The content of a source before values are parsed. */
export interface RawConfiguration {
  readonly process: RawSettings;
  /** Settings inherited by every hub and every entry of `services`. */
  readonly shared: RawSettings;
  readonly hubs: readonly RawEntry[];
  readonly services: readonly RawEntry[];
  readonly issues: readonly ConfigurationIssue[];
  readonly warnings: readonly string[];
}
