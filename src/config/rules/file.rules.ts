import type { ConfigurationFiles } from '../configuration-files.js';
import { HUB_SETTINGS, type HubSettingName } from '../definitions/hub.settings.js';
import type { Setting } from '../setting.interface.js';
import type { HubRule } from './rule.interface.js';

const FILES = Object.entries<Setting<unknown>>(HUB_SETTINGS)
  .filter(([, definition]) => definition.file)
  .map(([name]) => name as HubSettingName);

/** Every file that a setting names must be readable at startup. */
export function readableFiles(files: ConfigurationFiles): HubRule {
  return (hub) =>
    FILES.flatMap((name) => {
      const path = hub.values[name];
      if (typeof path !== 'string' || !hub.right(name)) return [];
      const problem = files.problem(path);
      return problem === undefined
        ? []
        : [hub.issue(name, `= ${JSON.stringify(path)}: the file ${problem}`)];
    });
}
