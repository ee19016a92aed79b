import { HUB_SETTINGS } from '../definitions/hub.settings.js';
import type { HubRule } from './rule.interface.js';

const WAYS = ['nats_credentials', 'nats_token', 'nats_user', 'nats_nkey'] as const;
const PAIRS = [
  ['nats_user', 'nats_password'],
  ['nats_tls_cert', 'nats_tls_key'],
] as const;

/** `nats_url` has no default. */
export const requiredSettings: HubRule = (hub) =>
  hub.given('nats_url')
    ? []
    : [hub.issue('nats_url', `is required; allowed: ${HUB_SETTINGS.nats_url.kind.allowed}`)];

/** At most one method of authentication; credentials in the URL count as one. */
export const oneAuthentication: HubRule = (hub) => {
  const inAddress = hub.values.nats_url?.some(
    (server) => server.user !== undefined || server.token !== undefined,
  );
  const given = WAYS.filter(
    (way) => hub.given(way) || (way === 'nats_user' && hub.given('nats_password')),
  ).map((way) => (hub.given(way) ? way : 'nats_password'));
  const ways = [...(inAddress ? (['nats_url'] as const) : []), ...given];
  const [, second] = ways;
  if (second === undefined) return [];
  const names = ways.map((way) =>
    way === 'nats_url' ? `the credentials in ${hub.nameOf(way)}` : hub.nameOf(way),
  );
  return [
    hub.issue(
      second,
      `cannot be combined with another method of authentication (${names.join(', ')}): keep one`,
    ),
  ];
};

/** User and password, certificate and key: both or none. */
export const completePairs: HubRule = (hub) =>
  PAIRS.flatMap(([one, other]) => {
    if (hub.given(one) === hub.given(other)) return [];
    const [present, absent] = hub.given(one) ? [one, other] : [other, one];
    return [hub.issue(present, `needs ${hub.nameOf(absent)} beside it`)];
  });

/** A CA together with disabled verification is contradictory. */
export const authorityOrTrust: HubRule = (hub) =>
  hub.given('nats_tls_ca') && hub.values.nats_tls_insecure_skip_verify
    ? [
        hub.issue(
          'nats_tls_ca',
          `cannot be combined with ${hub.nameOf('nats_tls_insecure_skip_verify')}: ` +
            'that one disables the check',
        ),
      ]
    : [];
