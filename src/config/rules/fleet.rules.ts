import type { ProcessValues } from '../definitions/process.settings.js';
import type { HubReading } from '../hub-reading.js';
import type { ParsedSettings } from '../parsed-settings.js';

/** Settings that have no effect without `fleet`. */
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
      hub.values.lifecycle ? [hub.issue('lifecycle', 'has no effect without fleet').text] : [],
    ),
  ];
}

/** Limits that apply to each worker separately. */
export function workersWarnings(
  { fleet, workers }: ProcessValues,
  hubs: readonly HubReading[],
): string[] {
  if (workers === 1) return [];
  return hubs.flatMap((hub) => [
    ...((hub.values.max_connections ?? 0) > 0
      ? [hub.issue('max_connections', `applies to each of the ${workers} workers separately`).text]
      : []),
    ...((hub.values.max_connections_per_client ?? 0) > 0 && fleet === undefined
      ? [
          hub.issue(
            'max_connections_per_client',
            `applies to each of the ${workers} workers separately; with fleet it applies to all of them together`,
          ).text,
        ]
      : []),
  ]);
}
