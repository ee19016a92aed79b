import type { ConfigurationFiles } from '../configuration-files.js';
import type { ConfigurationIssue } from '../configuration.error.js';
import { SERVICE_SETTINGS } from '../definitions/service.settings.js';
import type { ServiceReading } from '../hub-reading.js';
import { claimsNeedAKey, hasTokenKey, KEYS, oneTokenKey } from './access.rules.js';
import { readableFiles } from './file.rules.js';
import { authorityOrTrust, completePairs, oneAuthentication } from './nats.rules.js';

type ServiceRule = (service: ServiceReading) => ConfigurationIssue[];

const INBOX = '_INBOX';

/** Settings without which a service cannot work. */
const required: ServiceRule = (service) =>
  (['path', 'nats_url', 'subject_prefix'] as const)
    .filter((name) => !service.given(name))
    .map((name) =>
      service.issue(name, `is required; allowed: ${SERVICE_SETTINGS[name].kind.allowed}`),
    );

/** Without a key everyone may send requests, which must be confirmed explicitly. */
const requestsNeedAKey: ServiceRule = (service) => {
  if (service.values.request_anonymous || hasTokenKey(service)) return [];
  const keys = KEYS.map((key) => service.nameOf(key)).join(', ');
  return [
    service.issue(
      'subject_prefix',
      `would allow everyone to send requests, because there is no token key: set one of ${keys}, or ${service.nameOf('request_anonymous')} to true`,
    ),
  ];
};

/** A client that can send requests to reply subjects could answer for others. */
const noReplySubjects: ServiceRule = (service) => {
  const { subject_prefix: prefix = '', nats_inbox_prefix: inbox = INBOX } = service.values;
  const isReply = [INBOX, inbox].some((each) => prefix === each || prefix.startsWith(`${each}.`));
  return isReply ? [service.issue('subject_prefix', 'includes the reply subjects of NATS')] : [];
};

const RULES: readonly ServiceRule[] = [
  required,
  oneAuthentication,
  completePairs,
  authorityOrTrust,
  oneTokenKey,
  claimsNeedAKey,
  requestsNeedAKey,
  noReplySubjects,
];

/** All errors that involve several settings of an entry of `services`. */
export function serviceIssues(
  service: ServiceReading,
  files: ConfigurationFiles,
): ConfigurationIssue[] {
  return [...RULES, readableFiles(files)].flatMap((rule) => rule(service));
}

/**
 * The messages of a fleet are internal.
 *
 * @param subject `fleet_subject`, if there is a fleet
 */
export function fleetIssues(
  services: readonly ServiceReading[],
  subject: string | undefined,
): ConfigurationIssue[] {
  if (subject === undefined) return [];
  const fleet = `${subject}.`;
  return services.flatMap((service) => {
    const { subject_prefix: prefix } = service.values;
    if (prefix === undefined) return [];
    return fleet.startsWith(prefix) || prefix.startsWith(fleet)
      ? [service.issue('subject_prefix', `includes the subjects of the fleet (${subject})`)]
      : [];
  });
}
