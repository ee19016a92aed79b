import type { ConfigurationIssue } from '../configuration.error.js';
import type { HubReading, ServiceReading } from '../hub-reading.js';
import type { HubRule } from './rule.interface.js';

const METRICS_PATH = '/metrics';
const PROBES = ['health_path', 'live_path', 'ready_path'] as const;

/** Case-insensitive, like the router. */
export function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether a path lies below another one. */
export function below(path: string, parent: string): boolean {
  const folder = parent === '/' ? parent : `${parent.toLowerCase()}/`;
  return path.toLowerCase().startsWith(folder);
}

/** A path cannot be both the liveness and the readiness probe, and `/metrics` is reserved. */
export const probePaths: HubRule = (hub) => {
  const { live_path: live } = hub.values;
  const issues = (['health_path', 'ready_path'] as const)
    .filter((name) => same(hub.values[name], live))
    .map((name) => hub.issue(name, `is also the path of ${hub.nameOf('live_path')} (${live})`));
  const taken = PROBES.filter((name) => same(hub.values[name], METRICS_PATH)).map((name) =>
    hub.issue(name, `shadows ${METRICS_PATH}`),
  );
  return [...issues, ...taken];
};

function againstProbes(hub: HubReading, hubs: readonly HubReading[]): ConfigurationIssue[] {
  const { path } = hub.values;
  if (same(path, METRICS_PATH)) return [hub.issue('path', `${path} shadows ${METRICS_PATH}`)];
  const probe = hubs
    .flatMap((other) => PROBES.map((name) => other.values[name]))
    .find((candidate) => same(candidate, path));
  return probe === undefined ? [] : [hub.issue('path', `${path} shadows the probe ${probe}`)];
}

function againstHub(hub: HubReading, earlier: HubReading): ConfigurationIssue[] {
  const [path, other] = [hub.values.path, earlier.values.path];
  if (same(path, other)) return [hub.issue('path', `is also the path of another hub (${other})`)];
  if (below(path, other) || below(other, path)) {
    const text = `${path} and the hub ${other} shadow each other: below a hub's path are its topics`;
    return [hub.issue('path', text)];
  }
  return [];
}

function rootProbes(hub: HubReading, earlier: HubReading): ConfigurationIssue[] {
  const clash = (one: HubReading, other: HubReading): string | undefined =>
    [other.values.health_path, other.values.ready_path].find((path) =>
      same(path, one.values.live_path),
    );
  const path = clash(hub, earlier) ?? clash(earlier, hub);
  return path === undefined
    ? []
    : [hub.issue('live_path', `and another hub use ${path} for different probes`)];
}

/** Compares the paths of hubs with each other, and with everything else that the service serves. */
export function pathIssues(hubs: readonly HubReading[]): ConfigurationIssue[] {
  const placed = hubs.filter((hub) => hub.right('path') || !hub.given('path'));
  return placed.flatMap((hub, index) => [
    ...againstProbes(hub, hubs),
    ...placed
      .slice(0, index)
      .flatMap((earlier) => [...againstHub(hub, earlier), ...rootProbes(hub, earlier)]),
  ]);
}

function serviceAgainst(
  service: ServiceReading,
  others: readonly { readonly path: string; readonly what: string }[],
): ConfigurationIssue[] {
  const { path } = service.values;
  return others.flatMap(({ path: other, what }) => {
    if (same(path, other)) return [service.issue('path', `is also the path of ${what} (${other})`)];
    // A hub at `/` excludes everything below a service's path.
    const shadows = below(path, other) ? other !== '/' : below(other, path);
    return shadows
      ? [service.issue('path', `${path} and the path of ${what} (${other}) shadow each other`)]
      : [];
  });
}

/** Compares the paths of services with hubs, probes and each other. */
export function servicePathIssues(
  services: readonly ServiceReading[],
  hubs: readonly HubReading[],
): ConfigurationIssue[] {
  const placed = services.filter((service) => service.right('path'));
  const taken = [
    ...hubs.map(({ values: { path } }) => ({ path, what: 'a hub' })),
    ...hubs.flatMap(({ values }) =>
      PROBES.map((name) => ({ path: values[name], what: 'a probe' })),
    ),
    { path: METRICS_PATH, what: 'the metrics' },
  ];
  return placed.flatMap((service, index) => {
    const earlier = placed.slice(0, index);
    const services = earlier.map(({ values: { path } }) => ({ path, what: 'other services' }));
    return serviceAgainst(service, [...taken, ...services]);
  });
}
