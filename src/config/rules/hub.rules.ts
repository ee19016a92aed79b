import type { ConfigurationFiles } from '../configuration-files.js';
import type { ConfigurationIssue } from '../configuration.error.js';
import type { HubReading } from '../hub-reading.js';
import { claimsNeedAKey, oneTokenKey } from './access.rules.js';
import { readableFiles } from './file.rules.js';
import { eventTypeHeader } from './format.rules.js';
import {
  authorityOrTrust,
  completePairs,
  oneAuthentication,
  requiredSettings,
} from './nats.rules.js';
import { probePaths } from './path.rules.js';
import { methodsAreServed, publishNeedsAKey } from './publish.rules.js';
import type { HubRule } from './rule.interface.js';
import { bucketNamesPrefix, oneSource } from './source.rules.js';

const RULES: readonly HubRule[] = [
  requiredSettings,
  oneSource,
  bucketNamesPrefix,
  oneAuthentication,
  completePairs,
  authorityOrTrust,
  oneTokenKey,
  claimsNeedAKey,
  publishNeedsAKey,
  methodsAreServed,
  eventTypeHeader,
  probePaths,
];

/** All errors that involve several settings of a hub. */
export function hubIssues(hub: HubReading, files: ConfigurationFiles): ConfigurationIssue[] {
  return [...RULES, readableFiles(files)].flatMap((rule) => rule(hub));
}
