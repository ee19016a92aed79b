import type { ConfigurationFiles } from '../configuration-files.js';
import type { ConfigurationMistake } from '../configuration.error.js';
import { SERVICE_SETTINGS } from '../definitions/service.settings.js';
import type { ServiceReading } from '../hub-reading.js';
import { claimsNeedAKey, hasTokenKey, KEYS, oneTokenKey } from './access.rules.js';
import { readableFiles } from './file.rules.js';
import { authorityOrTrust, completePairs, oneAuthentication } from './nats.rules.js';

type ServiceRule = (service: ServiceReading) => ConfigurationMistake[];

const INBOX = '_INBOX';

/** Where nobody says where NATS is, or what may be asked. */
const required: ServiceRule = (service) =>
  (['path', 'nats_url', 'subject_prefix'] as const)
    .filter((name) => !service.given(name))
    .map((name) =>
      service.mistake(
        name,
        `is not set, and has no default; allowed: ${SERVICE_SETTINGS[name].kind.allowed}`,
      ),
    );

/** Without a key everybody may ask: that has to be said. */
const requestsNeedAKey: ServiceRule = (service) => {
  if (service.values.request_anonymous || hasTokenKey(service)) return [];
  const keys = KEYS.map((key) => service.nameOf(key)).join(', ');
  return [
    service.mistake(
      'subject_prefix',
      `would let everybody ask, since there is no token key: set one of ${keys}, or ${service.nameOf('request_anonymous')} to true`,
    ),
  ];
};

/** Whoever may ask below the prefix of reply subjects may answer for others. */
const noReplySubjects: ServiceRule = (service) => {
  const { subject_prefix: prefix = '', nats_inbox_prefix: inbox = INBOX } = service.values;
  const isReply = [INBOX, inbox].some((each) => prefix === each || prefix.startsWith(`${each}.`));
  return isReply ? [service.mistake('subject_prefix', 'leads to the reply subjects of NATS')] : [];
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

/** Everything that the settings of an entry of `services` get wrong together. */
export function serviceMistakes(
  service: ServiceReading,
  files: ConfigurationFiles,
): ConfigurationMistake[] {
  return [...RULES, readableFiles(files)].flatMap((rule) => rule(service));
}

/**
 * The messages of a fleet are internal.
 *
 * @param subject `fleet_subject`, where there is a fleet
 */
export function fleetMistakes(
  services: readonly ServiceReading[],
  subject: string | undefined,
): ConfigurationMistake[] {
  if (subject === undefined) return [];
  const fleet = `${subject}.`;
  return services.flatMap((service) => {
    const { subject_prefix: prefix } = service.values;
    if (prefix === undefined) return [];
    return fleet.startsWith(prefix) || prefix.startsWith(fleet)
      ? [service.mistake('subject_prefix', `leads to the messages of the fleet (${subject})`)]
      : [];
  });
}
