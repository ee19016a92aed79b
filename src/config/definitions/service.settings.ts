import { urlPath } from '../kinds/address.kind.js';
import { amount, limit, seconds } from '../kinds/number.kind.js';
import { boolean, text } from '../kinds/text.kind.js';
import { setting, type ValuesOf } from '../setting.interface.js';
import { HUB_SETTINGS } from './hub.settings.js';

/** The path and subjects of an entry of `services` (contract §11). */
const PLACE_SETTINGS = {
  path: setting({
    kind: urlPath,
    variable: 'SERVICES_PATH',
    ownOnly: true,
    required: true,
    doc: 'The route: `POST {path}/reports/monthly` asks `reports.monthly`.',
  }),
  subject_prefix: setting({
    kind: text({
      allowed:
        'letters, digits and ._-, not empty; no dot at the beginning, no two dots; 256 bytes at most',
      pattern: /^(?!\.)(?!.*\.\.)[A-Za-z0-9._-]+$/,
      maxBytes: 256,
    }),
    variable: 'SERVICES_SUBJECT_PREFIX',
    ownOnly: true,
    required: true,
    doc: 'Prefix of the NATS subject of each request: `services.`',
  }),
};

/** Limits of requests; at the top of a file they apply to all entries. */
export const REQUEST_SETTINGS = {
  request_timeout: setting({
    ...seconds(10),
    doc: 'Time to wait for the first reply, and for each further one in an event stream.',
  }),
  request_max: setting({ ...amount('count', 100), doc: 'Open requests in this process.' }),
  request_max_per_client: setting({
    ...limit(),
    doc: 'Open requests of one token subject, or of one address without a token, in this process.',
  }),
  request_anonymous: setting({
    kind: boolean,
    default: 'false',
    doc: 'In an entry without a token key, everyone may send requests.',
  }),
};

/** Settings of an entry of `services` that hubs do not have. */
export const SERVICE_OWN_SETTINGS = { ...PLACE_SETTINGS, ...REQUEST_SETTINGS };

/** Settings with the same meaning for hubs and services. */
const SHARED_WITH_HUBS = [
  'nats_url',
  'nats_credentials',
  'nats_token',
  'nats_user',
  'nats_password',
  'nats_nkey',
  'nats_tls_ca',
  'nats_tls_cert',
  'nats_tls_key',
  'nats_tls_insecure_skip_verify',
  'nats_inbox_prefix',
  'reconnect_wait',
  'max_reconnects',
  'nats_ping_interval',
  'subscriber_jwt_key',
  'subscriber_jwt_public_key',
  'subscriber_jwks_url',
  'subscriber_jwks_max_age',
  'subscriber_jwks_max_stale',
  'subscriber_jwt_issuer',
  'subscriber_jwt_audience',
  'subscriber_jwt_cookie',
  'allowed_origins',
  'allowed_headers',
  'heartbeat_interval',
  'client_buffer_size',
  'write_timeout',
  'transient_retry',
  'publish_max_bytes',
  'publish_rate',
] as const satisfies readonly (keyof typeof HUB_SETTINGS)[];

type SharedName = (typeof SHARED_WITH_HUBS)[number];

/** All settings of an entry of `services`. */
export const SERVICE_SETTINGS = {
  ...SERVICE_OWN_SETTINGS,
  ...(Object.fromEntries(SHARED_WITH_HUBS.map((name) => [name, HUB_SETTINGS[name]])) as Pick<
    typeof HUB_SETTINGS,
    SharedName
  >),
};

/** The parsed settings of an entry of `services`: times in ms, sizes in bytes. */
export type ServiceValues = ValuesOf<typeof SERVICE_SETTINGS>;
export type ServiceSettingName = keyof typeof SERVICE_SETTINGS;
