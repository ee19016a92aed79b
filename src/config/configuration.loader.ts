import { machineFiles, reasonOf, type ConfigurationFiles } from './configuration-files.js';
import { ConfigurationError, type ConfigurationIssue } from './configuration.error.js';
import { HUB_SETTINGS } from './definitions/hub.settings.js';
import { SERVICE_SETTINGS } from './definitions/service.settings.js';
import { PROCESS_SETTINGS, type ProcessValues } from './definitions/process.settings.js';
import { hubOptions } from './hub-options.mapper.js';
import { readHub, readService } from './hub-reading.js';
import { parsedDefaults, parseSettings, type ParsedSettings } from './parsed-settings.js';
import type { ProcessOptions } from './process-options.interface.js';
import { fleetWarnings, workersWarnings } from './rules/fleet.rules.js';
import { hubIssues } from './rules/hub.rules.js';
import { consolePathIssues } from './rules/console.rules.js';
import { pathIssues, servicePathIssues } from './rules/path.rules.js';
import { processIssues, processWarnings } from './rules/process.rules.js';
import { fleetIssues, serviceIssues } from './rules/service.rules.js';
import { hubWarnings, serviceWarnings } from './rules/warnings.js';
import { serviceOptions } from './service-options.mapper.js';
import { environmentConfiguration } from './sources/environment.source.js';
import { SHARED_TABLE } from './sources/file-entries.js';
import { fileConfiguration } from './sources/file.source.js';
import type { Environment, RawConfiguration } from './sources/raw-configuration.interface.js';

function readRaw(env: Environment, files: ConfigurationFiles): RawConfiguration {
  const environment = environmentConfiguration(env);
  const path = env['NUTS_CONFIG']?.trim();
  if (!path) return environment;
  let text: string;
  try {
    text = files.read(path);
  } catch (error) {
    const reason = `NUTS_CONFIG: ${JSON.stringify(path)}: the file ${reasonOf(error)}`;
    throw new ConfigurationError([{ setting: 'NUTS_CONFIG', text: reason }]);
  }
  const file = fileConfiguration(path, text, env);
  // Process settings can be overridden when the process is started: a variable wins over the file.
  return { ...file, process: new Map([...file.process, ...environment.process]) };
}

function processValues(settings: ParsedSettings): ProcessValues {
  const right = [...settings].filter(([, { state }]) => state === 'right');
  const values = Object.fromEntries([
    ...parsedDefaults(PROCESS_SETTINGS),
    ...right.map(([name, { value }]) => [name, value] as const),
  ]);
  // The definitions determine both the types and the values; this is the only place where they are
  // combined.
  return values as ProcessValues;
}

function distinct<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

/**
 * The complete configuration: one hub from the environment, or the hubs of the file in `NUTS_CONFIG`
 * (contract §7). Reads nothing but `env` and, through `files`, the named files.
 *
 * @throws ConfigurationError with all errors
 */
export function loadConfiguration(
  env: Environment,
  files: ConfigurationFiles = machineFiles,
): ProcessOptions {
  const raw = readRaw(env, files);
  const issues: ConfigurationIssue[] = [...raw.issues];
  const ofProcess = parseSettings(PROCESS_SETTINGS, raw.process, issues);
  const shared = parseSettings(SHARED_TABLE, raw.shared, issues);
  const hubs = raw.hubs.map((hub) =>
    readHub(hub, shared, parseSettings(HUB_SETTINGS, hub.own, issues)),
  );
  const services = raw.services.map((service) =>
    readService(service, shared, parseSettings(SERVICE_SETTINGS, service.own, issues)),
  );
  const process = processValues(ofProcess);
  issues.push(
    ...processIssues(process, ofProcess),
    ...hubs.flatMap((hub) => hubIssues(hub, files)),
    ...services.flatMap((service) => serviceIssues(service, files)),
    ...fleetIssues(services, process.fleet === undefined ? undefined : process.fleet_subject),
    ...pathIssues(hubs),
    ...servicePathIssues(services, hubs),
    ...(process.console ? consolePathIssues(hubs, services) : []),
  );
  if (issues.length > 0) {
    throw new ConfigurationError(distinct(issues, ({ text }) => text));
  }
  const warnings = [
    ...raw.warnings,
    ...processWarnings(process),
    ...fleetWarnings(process, ofProcess, hubs),
    ...workersWarnings(process, hubs),
    ...hubs.flatMap((hub) => hubWarnings(hub, services.length > 0)),
    ...services.flatMap((service) => serviceWarnings(service, hubs)),
  ];
  return {
    port: process.port,
    host: process.host,
    logLevel: process.log_level,
    trustProxy: process.trust_proxy,
    ...(process.management_port === undefined ? {} : { managementPort: process.management_port }),
    workers: process.workers,
    console: process.console,
    ...(process.fleet === undefined
      ? {}
      : { fleet: { name: process.fleet, subject: process.fleet_subject } }),
    hubs: hubs.map(({ values }) => hubOptions(values)),
    services: services.map((service) => serviceOptions(service)),
    warnings: distinct(warnings, (warning) => warning),
  };
}
