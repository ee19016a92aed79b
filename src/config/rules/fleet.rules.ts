import type { ProcessValues } from '../definitions/process.settings.js';
import type { HubReading } from '../hub-reading.js';
import type { ParsedSettings } from '../parsed-settings.js';

/** Settings that have no effect while `fleet` names no fleet. */
export function fleetWarnings(
  { fleet }: ProcessValues,
  settings: ParsedSettings,
  hubs: readonly HubReading[],
): string[] {
  if (fleet !== undefined) return [];
  const subject = settings.get('fleet_subject')?.raw.label;
  return [
    ...(subject === undefined ? [] : [`${subject} has no effect without fleet`]),
    ...hubs.flatMap((hub) =>
      hub.values.lifecycle
        ? [hub.mistake('lifecycle', 'has no effect without fleet: nobody is told').text]
        : [],
    ),
  ];
}
