import { DEFAULT_CONSOLE_PATH } from '@nuts/console';
import type { ConfigurationIssue } from '../configuration.error.js';
import type { HubReading, ServiceReading } from '../hub-reading.js';
import { below, same } from './path.rules.js';

const PROBES = ['health_path', 'live_path', 'ready_path'] as const;

/** Paths that the console would shadow. A hub at `/` excludes everything below the console's path. */
export function consolePathIssues(
  hubs: readonly HubReading[],
  services: readonly ServiceReading[],
): ConfigurationIssue[] {
  const clash = (path: string): boolean =>
    same(path, DEFAULT_CONSOLE_PATH) || below(path, DEFAULT_CONSOLE_PATH);
  const text = (path: string): string =>
    `${path} is the console's: choose another path, or switch the console off`;
  return [
    ...[...hubs, ...services].flatMap((entry) =>
      clash(entry.values.path) ? [entry.issue('path', text(entry.values.path))] : [],
    ),
    ...hubs.flatMap((hub) =>
      PROBES.flatMap((name) =>
        clash(hub.values[name]) ? [hub.issue(name, text(hub.values[name]))] : [],
      ),
    ),
  ];
}
