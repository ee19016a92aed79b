import type { HubSettingName } from './definitions/hub.settings.js';

/** Valid and invalid values of each setting. */
export interface Samples {
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

const NOT_PLAIN = ['1e3', '0x10', '1_000', '+1', '007', '1.', '.5', 'NaN', 'Infinity', 'ten', '１'];
const OVERFLOW = ['9007199254740992', '1'.repeat(40)];
const SECONDS: Samples = {
  right: ['0', '1', '0.25', '2147483'],
  wrong: ['-1', '-0.5', '2147484', '1.2345', ...NOT_PLAIN, ...OVERFLOW],
};
const WHOLE: Samples = {
  right: ['0', '1', '9007199254740991'],
  wrong: ['-1', '1.5', ...NOT_PLAIN, ...OVERFLOW],
};
const BOOLEAN: Samples = { right: ['true', 'false', '1', '0', 'True'], wrong: ['yes', 'on', '2'] };
const FILE: Samples = { right: ['/run/secrets/a', 'keys/a.pem'], wrong: [] };
const ANY_TEXT: Samples = { right: ['x', 'with: "all" # kinds, of things'], wrong: [] };
const PROBE: Samples = {
  right: ['/up', '/internal/up'],
  wrong: ['up', '/up/', '/', '/a b', '/:id', '/*', '/a//b', '/a/../b', '/é', '/metrics'],
};

export const HUB_SAMPLES: Readonly<Record<HubSettingName, Samples>> = {
  path: {
    right: ['/events', '/a/b-c_d.e~f', '/'],
    wrong: [
      'events',
      '/events/',
      '//',
      '/a?b',
      '/livez',
      '/readyz',
      '/HEALTHZ',
      '/metrics',
      '/{a}',
    ],
  },
  health_path: PROBE,
  live_path: { right: PROBE.right, wrong: [...PROBE.wrong, '/readyz'] },
  ready_path: { right: PROBE.right, wrong: [...PROBE.wrong, '/livez'] },
  health_details: BOOLEAN,
  nats_url: {
    right: ['localhost:4222', 'nats://a', 'tls://a:1,nats://b:2', 'wss://a/nats,ws://b', '[::1]:1'],
    wrong: [
      'http://a',
      'nats://a,ws://b',
      'a:0',
      'a:65536',
      'a:b',
      'nats://',
      'a,,b',
      'nats://a/x',
    ],
  },
  stream_name: { right: ['EVENTS', 'a-b_c'], wrong: ['a.b', 'a b', 'a*', '>', 'a/b'] },
  kv_bucket: { right: ['flags', 'A-b_1'], wrong: ['a.b', 'a b', 'a*', '>', 'a/b', 'é'] },
  nats_credentials: FILE,
  nats_token: ANY_TEXT,
  nats_user: ANY_TEXT,
  nats_password: ANY_TEXT,
  nats_nkey: FILE,
  nats_tls_ca: FILE,
  nats_tls_cert: FILE,
  nats_tls_key: FILE,
  nats_tls_insecure_skip_verify: BOOLEAN,
  nats_js_domain: { right: ['hub'], wrong: ['a.b', 'a b', '*'] },
  nats_inbox_prefix: { right: ['_INBOX_nuts', 'a.b'], wrong: ['a.', '.a', 'a.*', '>', 'a..b'] },
  reconnect_wait: SECONDS,
  max_reconnects: { right: ['-1', '0', '10'], wrong: ['-2', '1.5', ...NOT_PLAIN, ...OVERFLOW] },
  nats_ping_interval: SECONDS,
  nats_idle_heartbeat: {
    right: ['-1', '0', '0.1', '14.999'],
    wrong: ['15', '-2', '0.05', ...NOT_PLAIN],
  },
  topic_prefix: {
    right: ['events.', 'a', 'a.b-c_d.', 'x'.repeat(256)],
    wrong: ['.a', '$JS', 'a..b', 'a*', '>', 'a b', 'é', 'x'.repeat(257)],
  },
  allow_wildcards: BOOLEAN,
  event_type: {
    right: ['message', 'topic', 'header Event-Type'],
    wrong: ['header', 'Topic', 'header a b', 'header a:b', 'other'],
  },
  event_type_header: { right: ['Event-Type'], wrong: ['a b', 'a:b'] },
  payload_format: { right: ['envelope', 'raw'], wrong: ['json', 'RAW'] },
  compression: { right: ['off', 'gzip'], wrong: ['br', 'GZIP', 'true'] },
  event_id_format: { right: ['sequence', 'sequence_time'], wrong: ['time'] },
  max_event_size: { right: ['0', '-1', '-5', '1000'], wrong: ['1.5', ...NOT_PLAIN, ...OVERFLOW] },
  gap_events: BOOLEAN,
  sse_retry: { right: ['0', '3600000'], wrong: ['-1', '3600001', '0.5', ...NOT_PLAIN] },
  transient_retry: { right: ['0', '0.5', '3600'], wrong: ['-1', '3601', ...NOT_PLAIN] },
  hub_url: {
    right: ['https://a.example/events?x=1', '/events', 'http://localhost:8080'],
    wrong: [
      'events',
      '//a.example/events',
      'ftp://a',
      'https://u:p@a',
      '/a>b',
      '/a b',
      '/a\r\nX: y',
    ],
  },
  subscriber_jwt_key: ANY_TEXT,
  subscriber_jwt_public_key: FILE,
  subscriber_jwks_url: {
    right: [
      'https://a.example/jwks',
      'http://localhost:1/jwks',
      'http://127.0.0.1/',
      'http://[::1]/',
    ],
    wrong: ['http://a.example/jwks', 'https://u:p@a.example/', 'file:///etc/passwd', 'jwks'],
  },
  subscriber_jwks_max_age: { right: ['1', '1.5', '600'], wrong: ['0', '-1', '0.5', ...NOT_PLAIN] },
  subscriber_jwks_max_stale: { right: ['0', '0.5', '86400'], wrong: ['-1', ...NOT_PLAIN] },
  subscriber_jwt_issuer: ANY_TEXT,
  subscriber_jwt_audience: ANY_TEXT,
  subscriber_jwt_cookie: { right: ['__Host-session'], wrong: ['a b', 'a=b', 'a;b'] },
  allowed_origins: {
    right: [
      '*',
      'https://a.example,http://localhost:3000',
      'capacitor://localhost',
      'http://[::1]:1',
    ],
    wrong: [
      'https://a.example/',
      'https://A.example',
      'https://a.example/x',
      'https://a.example:443',
      'https://*.example',
      'a.example',
      'null',
      'https://a,,https://b',
      'https://a.example https://b.example',
      'http://127.1',
    ],
  },
  allowed_headers: { right: ['Authorization', 'A, B'], wrong: ['a b', 'a,,b', 'a:b', 'é'] },
  allowed_methods: {
    right: ['GET', 'OPTIONS, GET', 'get, Options'],
    wrong: ['POST', 'PUT', 'PATCH', 'GET,,OPTIONS'],
  },
  heartbeat_interval: SECONDS,
  max_connections: WHOLE,
  max_connections_per_client: WHOLE,
  max_topics_per_subscription: {
    right: ['-1', ...WHOLE.right],
    wrong: ['-2', '1.5', ...NOT_PLAIN],
  },
  client_buffer_size: WHOLE,
  write_timeout: { right: ['-1', '0', '30'], wrong: ['-2', '-0.5', ...NOT_PLAIN, ...OVERFLOW] },
  replay_max_messages: WHOLE,
  replay_window: { right: ['0', '0.5', '31536000'], wrong: ['-1', ...NOT_PLAIN] },
  default_start: {
    right: ['live', 'all', 'last', 'last:50', 'PT5M', '2026-01-01T00:00:00Z'],
    wrong: ['first', 'last:0', 'last:10001', 'P1M', '2026-01-01'],
  },
  window_max_messages: WHOLE,
  window_max_bytes: WHOLE,
  last_values_max_messages: WHOLE,
  last_values_max_bytes: WHOLE,
  max_connection_age: { right: ['0', '1900000'], wrong: ['-1', '1900001', ...NOT_PLAIN] },
  drain_delay: SECONDS,
  drain_window: SECONDS,
  publish: BOOLEAN,
  publish_anonymous: BOOLEAN,
  publish_max_bytes: WHOLE,
  publish_rate: WHOLE,
  publish_headers: {
    right: ['Kind', 'Kind, X-Author'],
    wrong: ['a b', 'a,,b', 'Nats-Msg-Id', 'nats-ttl', 'KV-Operation'],
  },
  trace_context: BOOLEAN,
  presence: BOOLEAN,
  lifecycle: BOOLEAN,
  dispatch_timeout: { right: ['0', '5'], wrong: ['-1', 'x'] },
  shared_subscriptions: BOOLEAN,
};

/** Other settings that a setting requires. */
export const COMPANIONS: Partial<Record<HubSettingName, Readonly<Record<string, string>>>> = {
  kv_bucket: { stream_name: '' },
  nats_user: { nats_password: 'p' },
  nats_password: { nats_user: 'u' },
  nats_tls_cert: { nats_tls_key: 'k' },
  nats_tls_key: { nats_tls_cert: 'c' },
  event_type_header: { event_type: 'header' },
  subscriber_jwt_issuer: { subscriber_jwt_key: 'k' },
  subscriber_jwt_audience: { subscriber_jwt_key: 'k' },
  subscriber_jwt_cookie: { subscriber_jwt_key: 'k' },
  publish: { publish_anonymous: 'true' },
};
