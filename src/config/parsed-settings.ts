import type { ConfigurationIssue } from './configuration.error.js';
import { shown } from './mask.js';
import type { Setting, SettingTable } from './setting.interface.js';
import type { RawSetting, RawSettings } from './sources/raw-configuration.interface.js';

/** A setting and its parsing result. `empty` removes a shared value. */
export interface ParsedSetting {
  readonly state: 'right' | 'wrong' | 'empty';
  readonly value?: unknown;
  readonly raw: RawSetting;
}

export type ParsedSettings = ReadonlyMap<string, ParsedSetting>;

function sentence(definition: Setting<unknown>, raw: RawSetting, reason?: string): string {
  const value = shown(definition, raw.value ?? '');
  return `${raw.label}: ${value} ${reason ?? 'is not allowed'}; allowed: ${definition.kind.allowed}`;
}

/** Parses all settings; adds an error for each invalid one. */
export function parseSettings(
  table: SettingTable,
  raws: RawSettings,
  issues: ConfigurationIssue[],
): ParsedSettings {
  const settings = new Map<string, ParsedSetting>();
  for (const [name, raw] of raws) {
    const definition = table[name];
    if (definition === undefined || raw.value === undefined) {
      settings.set(name, { state: raw.broken ? 'wrong' : 'empty', raw });
      continue;
    }
    const parsed = definition.kind.parse(raw.value);
    if (parsed.ok) settings.set(name, { state: 'right', value: parsed.value, raw });
    else {
      settings.set(name, { state: 'wrong', raw });
      issues.push({ setting: raw.name, text: sentence(definition, raw, parsed.reason) });
    }
  }
  return settings;
}

/** The defaults of a table, parsed like any other value. */
export function parsedDefaults(table: SettingTable): [string, unknown][] {
  return Object.entries(table).map(([name, definition]) => {
    if (definition.default === undefined) return [name, undefined];
    const parsed = definition.kind.parse(definition.default);
    if (!parsed.ok) throw new Error(`the default of ${name} is not allowed by its own kind`);
    return [name, parsed.value];
  });
}
