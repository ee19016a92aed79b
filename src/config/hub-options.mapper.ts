import type { AccessOptions } from '@nuts/auth';
import type { NatsOptions } from '@nuts/nats';
import {
  bucketSource,
  type CorsOptions,
  defaultCors,
  type FrameFormat,
  type HubFeatures,
  type HubOptions,
  type PublishRules,
} from '@nuts/streaming';
import type { HubValues } from './definitions/hub.settings.js';

/**
 * Removes undefined fields, so that hubs with equal settings have equal options: they share one connection
 * and one tail.
 */
export function compact<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}

/** The NATS options of a hub or service. */
export function natsOptions(values: HubValues): NatsOptions {
  const servers = values.nats_url ?? [];
  const own = servers.find((server) => server.user !== undefined || server.token !== undefined);
  const tls = compact({
    caFile: values.nats_tls_ca,
    certFile: values.nats_tls_cert,
    keyFile: values.nats_tls_key,
    insecureSkipVerify: values.nats_tls_insecure_skip_verify || undefined,
  });
  return compact<NatsOptions>({
    servers: servers.map(({ address }) => address),
    credentialsFile: values.nats_credentials,
    token: values.nats_token ?? own?.token,
    user: values.nats_user ?? own?.user,
    password: values.nats_password ?? own?.password,
    nkeySeedFile: values.nats_nkey,
    credentialsSetting: own === undefined ? undefined : 'nats_url',
    tls: Object.keys(tls).length === 0 ? undefined : tls,
    reconnectWaitMs: values.reconnect_wait,
    maxReconnects: values.max_reconnects,
    pingIntervalMs: values.nats_ping_interval,
    jetStreamDomain: values.nats_js_domain,
    inboxPrefix: values.nats_inbox_prefix,
  });
}

/** The access options of a hub or service; undefined without a key. */
export function accessOptions(values: HubValues): AccessOptions | undefined {
  const { subscriber_jwks_url: jwksUrl } = values;
  const access = compact<AccessOptions>({
    secret: values.subscriber_jwt_key,
    publicKeyFile: values.subscriber_jwt_public_key,
    jwksUrl,
    jwksMaxAgeMs: jwksUrl === undefined ? undefined : values.subscriber_jwks_max_age,
    jwksMaxStaleMs: jwksUrl === undefined ? undefined : values.subscriber_jwks_max_stale,
    issuer: values.subscriber_jwt_issuer,
    audience: values.subscriber_jwt_audience,
    cookie: values.subscriber_jwt_cookie,
  });
  return Object.keys(access).length === 0 ? undefined : access;
}

function eventTypeOf(values: HubValues): FrameFormat['eventType'] {
  const { event_type: type, event_type_header: fallback } = values;
  if (type.from !== 'header') return { from: type.from };
  const header = type.header ?? fallback;
  if (header === undefined) throw new Error('event_type names no header: a rule has let it pass');
  return { from: 'header', header };
}

function publishRules(values: HubValues): PublishRules | undefined {
  if (!values.publish) return undefined;
  return compact<PublishRules>({
    anonymous: values.publish_anonymous,
    maxBytes: values.publish_max_bytes,
    rate: values.publish_rate,
    headers: [...new Set(values.publish_headers)],
  });
}

function corsOptions(values: HubValues, features: HubFeatures): CorsOptions {
  const { headers, methods } = defaultCors(features);
  return {
    origins: [...new Set(values.allowed_origins)],
    headers: [...new Set(values.allowed_headers ?? headers)],
    methods: [...new Set(values.allowed_methods ?? methods)],
  };
}

/** A hub's options from validated settings. */
export function hubOptions(values: HubValues): HubOptions {
  const access = accessOptions(values);
  const publish = publishRules(values);
  const kvBucket = values.kv_bucket;
  const format = compact<FrameFormat>({
    eventType: eventTypeOf(values),
    payload: values.payload_format,
    eventId: values.event_id_format,
    maxEventBytes: values.max_event_size,
    gapEvents: values.gap_events,
    traceContext: values.trace_context || undefined,
    keyOperations: kvBucket === undefined ? undefined : true,
  });
  const start = values.default_start ?? { from: kvBucket === undefined ? 'live' : 'last' };
  return compact<HubOptions>({
    name: values.path,
    path: values.path,
    nats: natsOptions(values),
    stream: values.stream_name ?? '',
    topicPrefix: values.topic_prefix,
    kvBucket,
    ...(kvBucket !== undefined && bucketSource(kvBucket)),
    allowWildcards: values.allow_wildcards,
    maxTopics: values.max_topics_per_subscription,
    access,
    publish,
    cors: corsOptions(values, { access, publish, format, kvBucket }),
    format,
    heartbeatMs: values.heartbeat_interval,
    natsIdleHeartbeatMs: values.nats_idle_heartbeat,
    maxConnections: values.max_connections,
    maxConnectionsPerClient: values.max_connections_per_client,
    presence: values.presence,
    lifecycle: values.lifecycle,
    clientBufferSize: values.client_buffer_size,
    writeTimeoutMs: values.write_timeout,
    replayMaxMessages: values.replay_max_messages,
    replayWindowMs: values.replay_window,
    defaultStart: start.from === 'live' ? undefined : start,
    sseRetryMs: values.sse_retry,
    transientRetryMs: values.transient_retry,
    hubUrl: values.hub_url,
    compression: values.compression,
    windowMaxMessages: values.window_max_messages,
    windowMaxBytes: values.window_max_bytes,
    lastValuesMaxMessages: values.last_values_max_messages,
    lastValuesMaxBytes: values.last_values_max_bytes,
    maxConnectionAgeMs: values.max_connection_age,
    drainDelayMs: values.drain_delay,
    drainWindowMs: values.drain_window,
    probes: {
      healthPath: values.health_path,
      livePath: values.live_path,
      readyPath: values.ready_path,
      details: values.health_details,
    },
  });
}
