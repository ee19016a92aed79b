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

/** Limits that each worker counts for itself. */
export function workersWarnings(
  { fleet, workers }: ProcessValues,
  hubs: readonly HubReading[],
): string[] {
  if (workers === 1) return [];
  return hubs.flatMap((hub) => [
    ...((hub.values.max_connections ?? 0) > 0
      ? [hub.mistake('max_connections', `holds for each of the ${workers} workers`).text]
      : []),
    ...((hub.values.max_connections_per_client ?? 0) > 0 && fleet === undefined
      ? [
          hub.mistake(
            'max_connections_per_client',
            `holds for each of the ${workers} workers; with fleet it holds for all of them together`,
          ).text,
        ]
      : []),
  ]);
}
