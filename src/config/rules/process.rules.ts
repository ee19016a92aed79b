import type { ConfigurationIssue } from '../configuration.error.js';
import type { ProcessValues } from '../definitions/process.settings.js';
import type { ParsedSettings } from '../parsed-settings.js';

/** Two listeners on one port. 0 means any free port, so it may be used twice. */
export function processIssues(
  values: ProcessValues,
  settings: ParsedSettings,
): ConfigurationIssue[] {
  const management = settings.get('management_port');
  if (management === undefined || values.management_port !== values.port || values.port === 0) {
    return [];
  }
  const { name, label } = management.raw;
  return [{ setting: name, text: `${label} is also the port of the service (${values.port})` }];
}

export function processWarnings(values: ProcessValues): string[] {
  return values.trust_proxy === true
    ? ['TRUST_PROXY is true: any client can claim any address; name your proxies instead']
    : [];
}
