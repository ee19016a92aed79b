import type { ConfigurationFiles } from './configuration-files.js';
import { ConfigurationError } from './configuration.error.js';
import { loadConfiguration } from './configuration.loader.js';
import { HUB_SETTINGS } from './definitions/hub.settings.js';
import type { ProcessOptions } from './process-options.interface.js';
import { variableOf, type SettingTable } from './setting.interface.js';
import type { Environment } from './sources/raw-configuration.interface.js';

/** One file with this text; every file that a setting names is readable. */
export function oneFile(text: string): ConfigurationFiles {
  return { read: () => text, problem: () => undefined };
}

/** The minimum settings of a hub. */
export const MINIMAL = { nats_url: 'localhost:4222', stream_name: 'EVENTS' };

/** Settings as environment variables. */
export function variables(settings: Readonly<Record<string, string>>): Environment {
  const table: SettingTable = HUB_SETTINGS;
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const definition = table[name];
      return [definition === undefined ? name : variableOf(name, definition), value];
    }),
  );
}

export function loadEnvironment(env: Environment): ProcessOptions {
  return loadConfiguration(env, oneFile(''));
}

export function loadFile(text: string, env: Environment = {}, name = 'hubs.yaml'): ProcessOptions {
  return loadConfiguration({ ...env, NUTS_CONFIG: name }, oneFile(text));
}

/** The texts of all errors; empty if there are none. */
export function issuesOf(load: () => ProcessOptions): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.issues.map(({ text }) => text);
    throw error;
  }
}
