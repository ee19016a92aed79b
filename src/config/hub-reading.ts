import { HUB_SETTINGS, type HubSettingName, type HubValues } from './definitions/hub.settings.js';
import type { ConfigurationIssue } from './configuration.error.js';
import { parsedDefaults, type ParsedSettings } from './parsed-settings.js';
import {
  SERVICE_SETTINGS,
  type ServiceSettingName,
  type ServiceValues,
} from './definitions/service.settings.js';
import { inherited } from './inheritance.js';
import type { RawValue, SettingTable } from './setting.interface.js';
import type { RawEntry, RawSetting } from './sources/raw-configuration.interface.js';

/** Settings of one entry, merged with shared ones. Some may be missing or invalid; rules check that. */
export interface EntryReading<Name extends string, Values> {
  /** Parsed values; the default if a setting is missing or invalid. */
  readonly values: Values;
  /** Whether the setting is present, valid or not. */
  readonly given: (name: Name) => boolean;
  /** Whether the setting is present and valid. */
  readonly right: (name: Name) => boolean;
  /** The value as written. */
  readonly raw: (name: Name) => RawValue | undefined;
  /** Creates an error for a setting, with the place where it is, or should be. */
  readonly issue: (name: Name, text: string) => ConfigurationIssue;
  /** The setting's name in the source: `NATS_URL` or `nats_url`. */
  readonly nameOf: (name: Name) => string;
}

/** One hub's settings. */
export type HubReading = EntryReading<HubSettingName, HubValues>;

/** The settings of one entry of `services`. The rules of hubs can read those that both have. */
export type ServiceReading = EntryReading<
  HubSettingName | ServiceSettingName,
  HubValues & ServiceValues
>;

/** Combines shared settings and a hub's own. */
export function readHub(hub: RawEntry, shared: ParsedSettings, own: ParsedSettings): HubReading {
  return readEntry(HUB_SETTINGS, hub, shared, own);
}

/** The same for one entry of `services`. */
export function readService(
  service: RawEntry,
  shared: ParsedSettings,
  own: ParsedSettings,
): ServiceReading {
  return readEntry({ ...HUB_SETTINGS, ...SERVICE_SETTINGS }, service, shared, own);
}

function readEntry<Name extends string, Values>(
  table: SettingTable,
  entry: RawEntry,
  shared: ParsedSettings,
  own: ParsedSettings,
): EntryReading<Name, Values> {
  const settings = inherited(shared, own);
  const right = [...settings].filter(([, { state }]) => state === 'right');
  const values = Object.fromEntries([
    ...parsedDefaults(table),
    ...right.map(([name, { value }]) => [name, value] as const),
  ]);
  const written = (name: string): Pick<RawSetting, 'name' | 'label'> =>
    settings.get(name)?.raw ?? entry.missing(name);
  return {
    // The definitions determine both the types and the values; this is the only place where they are
    // combined.
    values: values as Values,
    given: (name) => (settings.get(name)?.state ?? 'empty') !== 'empty',
    right: (name) => settings.get(name)?.state === 'right',
    raw: (name) => settings.get(name)?.raw.value,
    issue: (name, text) => ({
      setting: written(name).name,
      text: `${written(name).label} ${text}`,
    }),
    nameOf: (name) => written(name).name,
  };
}
