import type { HubSettingName } from '../definitions/hub.settings.js';
import type { HubReading, ServiceReading } from '../hub-reading.js';
import { hasTokenKey } from './access.rules.js';
import { isLoopback } from '../kinds/loopback.js';

const MIN_SAFE_KEY_BYTES = 32;
const JWKS_AGES = ['subscriber_jwks_max_age', 'subscriber_jwks_max_stale'] as const;

/** The setting to warn about, and the rest of the sentence after its name. */
type Warning = (hub: HubReading) => readonly [HubSettingName, string] | undefined;

function sendsSecrets({ given, values }: HubReading): boolean {
  const inAddress = values.nats_url?.some(
    ({ user, token }) => user !== undefined || token !== undefined,
  );
  return given('nats_token') || given('nats_password') || inAddress === true;
}

/** For both hubs and services. */
const COMMON_WARNINGS: readonly Warning[] = [
  ({ values: { subscriber_jwt_key: key } }) =>
    key === undefined || Buffer.byteLength(key) >= MIN_SAFE_KEY_BYTES
      ? undefined
      : ['subscriber_jwt_key', `is shorter than ${MIN_SAFE_KEY_BYTES} bytes: it can be guessed`],
  ({ given }) =>
    (given('subscriber_jwks_url') || given('subscriber_jwt_public_key')) &&
    !given('subscriber_jwt_audience')
      ? [
          'subscriber_jwt_audience',
          'is not set: tokens that the issuer made for other services are accepted',
        ]
      : undefined,
  ({ given, values, nameOf }) =>
    given('subscriber_jwt_cookie') && values.allowed_origins.every((origin) => origin === '*')
      ? [
          'subscriber_jwt_cookie',
          `does not work for pages of other origins while ${nameOf('allowed_origins')} names none`,
        ]
      : undefined,
  ({ given, nameOf }) => {
    const age = JWKS_AGES.find((name) => given(name));
    return age === undefined || given('subscriber_jwks_url')
      ? undefined
      : [age, `has no effect without ${nameOf('subscriber_jwks_url')}`];
  },
  ({ values }) =>
    values.nats_tls_insecure_skip_verify
      ? [
          'nats_tls_insecure_skip_verify',
          'is on: the certificate of the NATS server is not verified, so it can be impersonated',
        ]
      : undefined,
  (hub) =>
    sendsSecrets(hub) &&
    !hub.given('nats_tls_ca') &&
    !hub.given('nats_tls_cert') &&
    hub.values.nats_url?.some(({ secure, host }) => !secure && !isLoopback(host))
      ? ['nats_url', 'may send credentials unencrypted over the network: use tls:// or wss://']
      : undefined,
];

const HUB_WARNINGS: readonly Warning[] = [
  (hub) =>
    hub.values.publish && hub.values.publish_anonymous && hasTokenKey(hub)
      ? [
          'publish_anonymous',
          'has no effect on a hub with a token key: the claim `publish` decides',
        ]
      : undefined,
  ({ given }) =>
    given('dispatch_timeout') ? ['dispatch_timeout', 'no longer has an effect'] : undefined,
  ({ given }) =>
    given('shared_subscriptions')
      ? ['shared_subscriptions', 'has no effect: subscriptions are always shared here']
      : undefined,
  ({ raw }) =>
    raw('nats_idle_heartbeat') === '-1'
      ? [
          'nats_idle_heartbeat',
          'is -1: heartbeats cannot be switched off, the 5 seconds of the NATS client apply',
        ]
      : undefined,
];

/** Used only by publishing; services also use the first two. */
const PUBLISH_DETAILS = ['publish_max_bytes', 'publish_rate', 'publish_headers'] as const;
const OF_SERVICES_TOO: readonly string[] = ['publish_max_bytes', 'publish_rate'];

function unusedDetail(hasServices: boolean): Warning {
  return ({ given, values, nameOf }) => {
    const details = PUBLISH_DETAILS.filter(
      (name) => !hasServices || !OF_SERVICES_TOO.includes(name),
    );
    const detail = details.find((name) => given(name));
    return detail === undefined || values.publish
      ? undefined
      : [detail, `has no effect without ${nameOf('publish')}`];
  };
}

function textsOf(reading: HubReading, warnings: readonly Warning[]): string[] {
  return warnings.flatMap((warning) => {
    const found = warning(reading);
    return found === undefined ? [] : [reading.issue(...found).text];
  });
}

/**
 * Warnings about valid but questionable settings. They contain no secrets.
 *
 * @param hasServices whether settings shared with services may be meant for those
 */
export function hubWarnings(hub: HubReading, hasServices: boolean): string[] {
  return textsOf(hub, [unusedDetail(hasServices), ...COMMON_WARNINGS, ...HUB_WARNINGS]);
}

/** The same for an entry of `services`. */
export function serviceWarnings(service: ServiceReading, hubs: readonly HubReading[]): string[] {
  const { subject_prefix: prefix = '' } = service.values;
  const stored = hubs.find(({ values: { topic_prefix: topics } }) => {
    return topics !== '' && (topics.startsWith(prefix) || prefix.startsWith(topics));
  });
  return [
    ...textsOf(service, COMMON_WARNINGS),
    ...(stored === undefined
      ? []
      : [
          service.issue(
            'subject_prefix',
            `overlaps the ${stored.nameOf('topic_prefix')} of the hub ${stored.values.path}: a request may be stored as a message`,
          ).text,
        ]),
  ];
}
