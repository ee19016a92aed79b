import { HUB_SETTINGS } from '../definitions/hub.settings.js';
import { PROCESS_SETTINGS } from '../definitions/process.settings.js';
import { variableOf, type SettingTable } from '../setting.interface.js';
import type {
  Environment,
  RawConfiguration,
  RawSetting,
  RawSettings,
} from './raw-configuration.interface.js';
import { suggestion } from './suggestion.js';

/** Short names are close to many that mean something else: `HOST`, `POST`. */
const SHORTEST_GUESS = 8;

/** The settings of a table that the environment holds. An empty variable counts as unset. */
export function environmentSettings(table: SettingTable, env: Environment): RawSettings {
  const found = new Map<string, RawSetting>();
  for (const [name, definition] of Object.entries(table)) {
    const variable = variableOf(name, definition);
    const text = env[variable];
    // A secret is taken as it is: white space may be a part of it.
    const value = definition.secret ? text : text?.trim();
    if (value) found.set(name, { value, name: variable, label: variable });
  }
  return found;
}

function lookAlikes(env: Environment): string[] {
  const variables = Object.entries({ ...HUB_SETTINGS, ...PROCESS_SETTINGS }).map(
    ([name, definition]) => variableOf(name, definition),
  );
  return Object.keys(env).flatMap((name) => {
    if (name.length < SHORTEST_GUESS || variables.includes(name)) return [];
    const meant = suggestion(name, variables);
    return meant === undefined ? [] : [`${name} is no setting; was ${meant} meant?`];
  });
}

/** One hub, all of it from the environment. */
export function environmentConfiguration(env: Environment): RawConfiguration {
  const missing = (name: string): Pick<RawSetting, 'name' | 'label'> => {
    const definition = (HUB_SETTINGS as SettingTable)[name];
    const variable = definition === undefined ? name : variableOf(name, definition);
    return { name: variable, label: variable };
  };
  return {
    process: environmentSettings(PROCESS_SETTINGS, env),
    shared: new Map(),
    hubs: [{ own: environmentSettings(HUB_SETTINGS, env), missing }],
    mistakes: [],
    warnings: lookAlikes(env),
  };
}
