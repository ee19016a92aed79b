import { HUB_SETTINGS, type HubSettingName, type HubValues } from './definitions/hub.settings.js';
import type { ConfigurationMistake } from './configuration.error.js';
import { parsedDefaults, type ParsedSettings } from './parsed-settings.js';
import {
  SERVICE_SETTINGS,
  type ServiceSettingName,
  type ServiceValues,
} from './definitions/service.settings.js';
import { inherited } from './inheritance.js';
import type { RawValue, SettingTable } from './setting.interface.js';
import type { RawEntry, RawSetting } from './sources/raw-configuration.interface.js';

/** Settings of one entry, shared ones merged in. Some may be missing or wrong: rules look at that. */
export interface EntryReading<Name extends string, Values> {
  /** Parsed values; a default stands where a setting is not given or wrong. */
  readonly values: Values;
  /** True when the setting was written down, right or wrong. */
  readonly given: (name: Name) => boolean;
  /** True when the setting was written down and is right. */
  readonly right: (name: Name) => boolean;
  /** The value as it was written. */
  readonly raw: (name: Name) => RawValue | undefined;
  /** A mistake at a setting, worded with the place where it stands or would stand. */
  readonly mistake: (name: Name, text: string) => ConfigurationMistake;
  /** The name as the person wrote it or would write it. */
  readonly nameOf: (name: Name) => string;
}

/** One hub's settings. */
export type HubReading = EntryReading<HubSettingName, HubValues>;

/** The settings of one entry of `services`: the rules of hubs can read those that both have. */
export type ServiceReading = EntryReading<
  HubSettingName | ServiceSettingName,
  HubValues & ServiceValues
>;

/** One hub, from what all hubs share and what is its own. */
export function readHub(hub: RawEntry, shared: ParsedSettings, own: ParsedSettings): HubReading {
  return readEntry(HUB_SETTINGS, hub, shared, own);
}

/** One entry of `services`, in the same way. */
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
    // The table is the source of both the type and the values; only here the two meet.
    values: values as Values,
    given: (name) => (settings.get(name)?.state ?? 'empty') !== 'empty',
    right: (name) => settings.get(name)?.state === 'right',
    raw: (name) => settings.get(name)?.raw.value,
    mistake: (name, text) => ({
      setting: written(name).name,
      text: `${written(name).label} ${text}`,
    }),
    nameOf: (name) => written(name).name,
  };
}
