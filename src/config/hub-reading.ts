import { HUB_SETTINGS, type HubSettingName, type HubValues } from './definitions/hub.settings.js';
import type { ConfigurationMistake } from './configuration.error.js';
import { parsedDefaults, type ParsedSettings } from './parsed-settings.js';
import { inherited } from './inheritance.js';
import type { RawValue } from './setting.interface.js';
import type { RawHub, RawSetting } from './sources/raw-configuration.interface.js';

/** One hub's settings, shared ones merged in. Some may be missing or wrong: rules look at that. */
export interface HubReading {
  /** Parsed values; a default stands where a setting is not given or wrong. */
  readonly values: HubValues;
  /** True when the setting was written down, right or wrong. */
  readonly given: (name: HubSettingName) => boolean;
  /** True when the setting was written down and is right. */
  readonly right: (name: HubSettingName) => boolean;
  /** The value as it was written. */
  readonly raw: (name: HubSettingName) => RawValue | undefined;
  /** A mistake at a setting, worded with the place where it stands or would stand. */
  readonly mistake: (name: HubSettingName, text: string) => ConfigurationMistake;
  /** The name as the person wrote it or would write it. */
  readonly nameOf: (name: HubSettingName) => string;
}

/** One hub, from what all hubs share and what is its own. */
export function readHub(hub: RawHub, shared: ParsedSettings, own: ParsedSettings): HubReading {
  const settings = inherited(shared, own);
  const right = [...settings].filter(([, { state }]) => state === 'right');
  const values = Object.fromEntries([
    ...parsedDefaults(HUB_SETTINGS),
    ...right.map(([name, { value }]) => [name, value] as const),
  ]);
  const written = (name: string): Pick<RawSetting, 'name' | 'label'> =>
    settings.get(name)?.raw ?? hub.missing(name);
  return {
    // The table is the source of both the type and the values; only here the two meet.
    values: values as HubValues,
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
