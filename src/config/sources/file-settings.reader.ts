import type { ConfigurationIssue } from '../configuration.error.js';
import { HUB_SETTINGS } from '../definitions/hub.settings.js';
import { PROCESS_SETTINGS } from '../definitions/process.settings.js';
import { SERVICE_SETTINGS } from '../definitions/service.settings.js';
import { shown } from '../mask.js';
import type { RawValue, Setting, SettingTable } from '../setting.interface.js';
import { fillPlaceholders } from './placeholder.js';
import type { Environment, RawSetting, RawSettings } from './raw-configuration.interface.js';
import { suggestion } from './suggestion.js';
import { valueOf, type Entry, type OpenFile } from './yaml-node.js';

/** Reads settings from a file's maps and collects errors. */
export class FileSettingsReader {
  readonly issues: ConfigurationIssue[] = [];
  /** Environment variables used by placeholders. */
  readonly used = new Set<string>();

  constructor(
    private readonly file: OpenFile,
    private readonly env: Environment,
  ) {}

  refuse(setting: string, text: string): void {
    this.issues.push({ setting, text });
  }

  /**
   * @param prefix precedes names in errors: `hubs[0].`
   * @param misplaced why a name is not allowed here, if there is a specific reason
   */
  settings(
    entries: readonly Entry[],
    table: SettingTable,
    prefix: string,
    misplaced: (name: string) => string | undefined = () => undefined,
  ): RawSettings {
    const found = new Map<string, RawSetting>();
    for (const entry of entries) {
      const { name } = entry;
      const label = `${entry.place}: ${prefix}${name}`;
      const reason = misplaced(name);
      const definition = Object.hasOwn(table, name) ? table[name] : undefined;
      if (reason !== undefined) this.refuse(name, `${label} ${reason}`);
      else if (definition === undefined) this.refuse(name, `${label} ${unknown(name)}`);
      else {
        const value = this.value(definition, entry, label);
        const broken = value === false;
        found.set(name, { value: broken ? undefined : value, broken, name, label });
      }
    }
    return found;
  }

  private value(
    definition: Setting<unknown>,
    entry: Entry,
    label: string,
  ): RawValue | undefined | false {
    const raw = valueOf(this.file, entry.node);
    if (raw === false || (typeof raw === 'object' && !definition.kind.list)) {
      const wanted = definition.kind.list ? 'one value or a list of values' : 'one value';
      this.refuse(entry.name, `${label} must be ${wanted}: ${definition.kind.allowed}`);
      return false;
    }
    if (raw === undefined) {
      if (definition.notNull === undefined) return undefined;
      this.refuse(entry.name, `${label}: null ${definition.notNull}`);
      return false;
    }
    const texts = typeof raw === 'string' ? [raw] : raw;
    const filled: string[] = [];
    for (const text of texts) {
      const parsed = fillPlaceholders(text, this.env, this.used);
      if (!parsed.ok) {
        this.refuse(entry.name, `${label}: ${shown(definition, raw)} ${parsed.reason ?? ''}`);
        return false;
      }
      filled.push(definition.secret ? parsed.value : parsed.value.trim());
    }
    return typeof raw === 'string' ? filled[0] || undefined : filled;
  }
}

const KNOWN = Object.keys({
  ...HUB_SETTINGS,
  ...SERVICE_SETTINGS,
  ...PROCESS_SETTINGS,
  hubs: undefined,
  services: undefined,
});

function unknown(name: string): string {
  const meant = suggestion(name.toLowerCase(), KNOWN);
  return `is not a setting${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}
