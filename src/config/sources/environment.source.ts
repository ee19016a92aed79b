import { HUB_SETTINGS } from '../definitions/hub.settings.js';
import { PROCESS_SETTINGS } from '../definitions/process.settings.js';
import { SERVICE_OWN_SETTINGS, SERVICE_SETTINGS } from '../definitions/service.settings.js';
import { variableOf, type Setting, type SettingTable } from '../setting.interface.js';
import type {
  Environment,
  RawConfiguration,
  RawEntry,
  RawSetting,
  RawSettings,
} from './raw-configuration.interface.js';
import { suggestion } from './suggestion.js';

/** Short names resemble too many unrelated ones: `HOST`, `POST`. */
const MIN_GUESS_LENGTH = 8;

/** A table's settings in the environment. An empty variable counts as unset. */
export function environmentSettings(table: SettingTable, env: Environment): RawSettings {
  const found = new Map<string, RawSetting>();
  for (const [name, definition] of Object.entries(table)) {
    const variable = variableOf(name, definition);
    const text = env[variable];
    // Secrets are not trimmed: white space may be part of them.
    const value = definition.secret ? text : text?.trim();
    if (value) found.set(name, { value, name: variable, label: variable });
  }
  return found;
}

function lookAlikes(env: Environment): string[] {
  const variables = [HUB_SETTINGS, PROCESS_SETTINGS, SERVICE_OWN_SETTINGS].flatMap((table) =>
    Object.entries<Setting<unknown>>(table).map(([name, definition]) =>
      variableOf(name, definition),
    ),
  );
  return Object.keys(env).flatMap((name) => {
    if (name.length < MIN_GUESS_LENGTH || variables.includes(name)) return [];
    const meant = suggestion(name, variables);
    return meant === undefined ? [] : [`${name} is not a setting; did you mean ${meant}?`];
  });
}

function entryOf(table: SettingTable, env: Environment): RawEntry {
  return {
    own: environmentSettings(table, env),
    missing: (name) => {
      const definition = table[name];
      const variable = definition === undefined ? name : variableOf(name, definition);
      return { name: variable, label: variable };
    },
  };
}

/** The entry of `services` in the environment, if its path or prefix is set. */
function servicesOf(env: Environment): RawEntry[] {
  const entry = entryOf(SERVICE_SETTINGS, env);
  return entry.own.has('path') || entry.own.has('subject_prefix') ? [entry] : [];
}

/** Limits of requests that have no effect without services. */
function withoutEffect(env: Environment): string[] {
  return [...environmentSettings(SERVICE_OWN_SETTINGS, env).values()].map(
    ({ label }) => `${label} has no effect without SERVICES_PATH`,
  );
}

/** One hub, configured entirely by the environment. */
export function environmentConfiguration(env: Environment): RawConfiguration {
  const services = servicesOf(env);
  return {
    process: environmentSettings(PROCESS_SETTINGS, env),
    shared: new Map(),
    hubs: [entryOf(HUB_SETTINGS, env)],
    services,
    issues: [],
    warnings: [...lookAlikes(env), ...(services.length === 0 ? withoutEffect(env) : [])],
  };
}
