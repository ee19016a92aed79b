import { loadConfiguration } from './configuration.loader.js';
import { MINIMAL, loadEnvironment, loadFile, issuesOf, variables } from './loading.fixture.js';
import { COMPANIONS, HUB_SAMPLES } from './setting-samples.fixture.js';

const samples = Object.entries(HUB_SAMPLES);

function withValue(name: string, value: string): Record<string, string> {
  return { ...MINIMAL, ...COMPANIONS[name as keyof typeof COMPANIONS], [name]: value };
}

describe('one hub from the environment', () => {
  it('fills in every default', () => {
    expect(loadEnvironment(variables(MINIMAL))).toMatchSnapshot();
  });

  it.each(samples)('%s accepts valid values', (name, { right }) => {
    for (const value of right) {
      expect(issuesOf(() => loadEnvironment(variables(withValue(name, value))))).toEqual([]);
    }
  });

  it.each(samples)('%s rejects invalid values and names the setting', (name, { wrong }) => {
    for (const value of wrong) {
      const env = variables(withValue(name, value));
      const variable = name === 'path' ? 'HUB_PATH' : name.toUpperCase();
      const issues = issuesOf(() => loadEnvironment(env));
      expect({ value, said: issues.some((text) => text.includes(variable)) }).toEqual({
        value,
        said: true,
      });
    }
  });

  it('reads a stream or a bucket', () => {
    const { stream_name: _, ...nowhere } = MINIMAL;
    const bucket = { ...nowhere, kv_bucket: 'flags' };
    expect(loadEnvironment(variables(bucket)).hubs[0]).toMatchObject({
      kvBucket: 'flags',
      stream: 'KV_flags',
      topicPrefix: '$KV.flags.',
      defaultStart: { from: 'last' },
    });
    expect(
      loadEnvironment(variables({ ...bucket, default_start: 'live' })).hubs[0],
    ).not.toHaveProperty('defaultStart');
    const issues = issuesOf(() =>
      loadEnvironment(variables({ ...bucket, stream_name: 'E', topic_prefix: 'a.' })),
    );
    expect(issues).toEqual([
      'KV_BUCKET cannot be combined with STREAM_NAME: a hub serves either a bucket or a stream',
      'TOPIC_PREFIX cannot be combined with KV_BUCKET: the topics of a bucket are its keys',
    ]);
  });

  it('does not inherit a stream beside its own bucket', () => {
    const { hubs } = loadFile(
      [
        'nats_url: localhost',
        'stream_name: EVENTS',
        'topic_prefix: events.',
        'hubs: [{ path: /events }, { path: /flags, kv_bucket: flags }]',
      ].join('\n'),
    );
    expect(hubs.map(({ stream, topicPrefix }) => [stream, topicPrefix])).toEqual([
      ['EVENTS', 'events.'],
      ['KV_flags', '$KV.flags.'],
    ]);
  });

  it('lists all errors at once', () => {
    const wrong = samples.filter(([, sample]) => sample.wrong.length > 0);
    const settings = Object.fromEntries(
      wrong.map(([name, sample]) => [name, sample.wrong[1] ?? sample.wrong[0] ?? '']),
    );
    const issues = issuesOf(() => loadEnvironment(variables(settings)));
    expect(issues.length).toBeGreaterThanOrEqual(wrong.length);
  });

  it('treats an empty variable as unset', () => {
    const secret = /key$|token|password/;
    const names = samples.map(([name]) => name);
    const empty: Record<string, string> = Object.fromEntries(
      names.map((name) => [name, secret.test(name) ? '' : ' ']),
    );
    expect(
      loadEnvironment({ ...variables({ ...empty, ...MINIMAL }), PORT: '', NUTS_CONFIG: '' }),
    ).toEqual(loadEnvironment(variables(MINIMAL)));
  });

  it('names missing settings', () => {
    expect(issuesOf(() => loadEnvironment({}))).toEqual([
      expect.stringMatching(/^NATS_URL is required; allowed: nats:/),
      expect.stringMatching(/^STREAM_NAME is not set/),
    ]);
  });

  it('converts seconds to ms, and 0 to the default or none', () => {
    const [hub] = loadEnvironment(
      variables({
        ...MINIMAL,
        heartbeat_interval: '0.25',
        nats_ping_interval: '0',
        write_timeout: '-1',
        max_event_size: '-7',
        max_reconnects: '0',
        max_topics_per_subscription: '-1',
        replay_window: '0',
        drain_window: '0',
        window_max_messages: '0',
        sse_retry: '1500',
        transient_retry: '0',
        nats_idle_heartbeat: '-1',
      }),
    ).hubs;
    expect(hub).toMatchObject({
      heartbeatMs: 250,
      nats: { pingIntervalMs: 20_000, maxReconnects: 0 },
      drainWindowMs: 5000,
      windowMaxMessages: 8192,
      sseRetryMs: 1500,
      transientRetryMs: 5000,
      natsIdleHeartbeatMs: 5000,
    });
    for (const none of ['writeTimeoutMs', 'maxTopics', 'replayWindowMs', 'maxConnections']) {
      expect(hub).not.toHaveProperty(none);
    }
    expect(hub?.format).not.toHaveProperty('maxEventBytes');
  });

  it('allows pages of other origins to send a token if one is verified', () => {
    const headersWith = (settings: Record<string, string>): readonly string[] | undefined =>
      loadEnvironment(variables({ ...MINIMAL, ...settings })).hubs[0]?.cors.headers;
    expect(headersWith({})).toEqual(['Cache-Control', 'Last-Event-ID']);
    const withKey = { subscriber_jwt_key: 'k'.repeat(32) };
    expect(headersWith(withKey)).toEqual(['Cache-Control', 'Last-Event-ID', 'Authorization']);
    expect(headersWith({ ...withKey, allowed_headers: 'X-A' })).toEqual(['X-A']);
  });

  it('accepts methods in any case', () => {
    const [hub] = loadEnvironment(variables({ ...MINIMAL, allowed_methods: 'get, Options' })).hubs;
    expect(hub?.cors.methods).toEqual(['GET', 'OPTIONS']);
  });

  it('suggests an alternative to the origin null', () => {
    const env = variables({ ...MINIMAL, allowed_origins: 'null' });
    expect(issuesOf(() => loadEnvironment(env))).toEqual([
      expect.stringMatching(
        /^ALLOWED_ORIGINS: "null" is the origin of all .*list the origins .*use \*/,
      ),
    ]);
  });

  it('removes credentials from URLs', () => {
    const { nats } = loadEnvironment(
      variables({ ...MINIMAL, nats_url: 'nats://u%40x:p%2Fw@127.0.0.1:4222,nats://localhost' }),
    ).hubs[0]!;
    expect(nats).toMatchObject({
      servers: ['nats://127.0.0.1:4222', 'nats://localhost'],
      user: 'u@x',
      password: 'p/w',
      credentialsSetting: 'nats_url',
    });
    const token = loadEnvironment(variables({ ...MINIMAL, nats_url: 'tls://tok@a' })).hubs[0]!;
    expect(token.nats).toMatchObject({ servers: ['tls://a'], token: 'tok' });
  });

  it.each([
    [{ event_type: 'header Event-Type' }],
    [{ event_type: 'header', event_type_header: 'Event-Type' }],
    [{ event_type: 'header Event-Type', event_type_header: 'Event-Type' }],
  ])('reads the header of event_type in %j', (settings) => {
    const [hub] = loadEnvironment(variables({ ...MINIMAL, ...settings })).hubs;
    expect(hub?.format.eventType).toEqual({ from: 'header', header: 'Event-Type' });
  });
});

describe('settings that depend on each other', () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ nats_token: 't', nats_credentials: 'c' }, /another method of authentication/],
    [{ nats_token: 't', nats_url: 'u:p@a:1' }, /another method of authentication/],
    [{ nats_nkey: 'n', nats_user: 'u', nats_password: 'p' }, /NATS_USER, NATS_NKEY/],
    [{ nats_url: 'nats://a@x,nats://b@y' }, /different credentials/],
    [{ nats_user: 'u' }, /NATS_USER needs NATS_PASSWORD/],
    [{ nats_password: 'p' }, /NATS_PASSWORD needs NATS_USER/],
    [{ nats_tls_cert: 'c' }, /NATS_TLS_CERT needs NATS_TLS_KEY/],
    [{ nats_tls_ca: 'c', nats_tls_insecure_skip_verify: 'true' }, /NATS_TLS_CA cannot be combined/],
    [
      { subscriber_jwt_key: 'k', subscriber_jwks_url: 'https://a' },
      /cannot be combined with another token key/,
    ],
    [{ subscriber_jwt_cookie: 'c' }, /SUBSCRIBER_JWT_COOKIE has no effect without a key/],
    [{ event_type: 'topic', event_type_header: 'A' }, /EVENT_TYPE_HEADER needs EVENT_TYPE/],
    [{ event_type: 'header A', event_type_header: 'B' }, /different headers/],
    [{ live_path: '/x', health_path: '/X' }, /is also the path of LIVE_PATH/],
    [{ path: '/up', live_path: '/up' }, /HUB_PATH \/up shadows the probe/],
    [{ MANAGEMENT_PORT: '8080' }, /MANAGEMENT_PORT is also the port of the service/],
  ])('%j is rejected', (settings, text) => {
    const issues = issuesOf(() => loadEnvironment(variables({ ...MINIMAL, ...settings })));
    expect(issues).toEqual([expect.stringMatching(text)]);
  });

  it('requires every named file to be readable', () => {
    const env = variables({
      ...MINIMAL,
      nats_tls_ca: 'ca.pem',
      subscriber_jwt_public_key: 'key.pem',
    });
    const files = { read: () => '', problem: () => 'does not exist' };
    expect(issuesOf(() => loadConfiguration(env, files))).toEqual([
      'NATS_TLS_CA = "ca.pem": the file does not exist',
      'SUBSCRIBER_JWT_PUBLIC_KEY = "key.pem": the file does not exist',
    ]);
    const real = issuesOf(() => loadConfiguration(env));
    expect(real).toHaveLength(2);
    expect(issuesOf(() => loadConfiguration({ NUTS_CONFIG: 'none.yaml' }))).toEqual([
      'NUTS_CONFIG: "none.yaml": the file does not exist',
    ]);
  });
});

describe('settings of the process', () => {
  it.each<[Record<string, string>, object]>([
    [
      { PORT: '0', MANAGEMENT_PORT: '0' },
      { port: 0, managementPort: 0 },
    ],
    [
      { HOST: '::1', LOG_LEVEL: 'DEBUG' },
      { host: '::1', logLevel: 'debug' },
    ],
    [{ TRUST_PROXY: 'true' }, { trustProxy: true }],
    [{ TRUST_PROXY: '1' }, { trustProxy: 1 }],
    [{ TRUST_PROXY: 'loopback, 10.0.0.0/8' }, { trustProxy: ['loopback', '10.0.0.0/8'] }],
    [{ TRUST_PROXY: 'off' }, { trustProxy: false }],
  ])('%j', (env, options) => {
    expect(loadEnvironment({ ...variables(MINIMAL), ...env })).toMatchObject(options);
  });

  it.each([
    { PORT: '65536' },
    { PORT: '-1' },
    { PORT: '80a' },
    { HOST: 'a b' },
    { HOST: '127.0.0.1:80' },
    { HOST: '256.0.0.1' },
    { HOST: '::1::' },
    { LOG_LEVEL: 'loud' },
    { TRUST_PROXY: '10.0.0.0/33' },
    { TRUST_PROXY: 'proxy.example' },
    { MANAGEMENT_PORT: '1e3' },
  ])('%j is rejected', (env) => {
    const [name] = Object.keys(env);
    const issues = issuesOf(() => loadEnvironment({ ...variables(MINIMAL), ...env }));
    expect(issues).toEqual([expect.stringContaining(`${name}:`)]);
  });

  it('may be at the top of a file, and a variable takes precedence', () => {
    const file = JSON.stringify({ ...MINIMAL, port: 1, host: 'a', hubs: [{ path: '/a' }] });
    expect(loadFile(file, { PORT: '2' })).toMatchObject({ port: 2, host: 'a' });
  });
});

describe('warnings', () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ subscriber_jwt_key: 'short' }, /^SUBSCRIBER_JWT_KEY is shorter than 32 bytes/],
    [{ subscriber_jwks_url: 'https://a' }, /^SUBSCRIBER_JWT_AUDIENCE is not set/],
    [
      { subscriber_jwt_key: 'k'.repeat(32), subscriber_jwks_max_age: '5' },
      /^SUBSCRIBER_JWKS_MAX_AGE has no effect without SUBSCRIBER_JWKS_URL/,
    ],
    [{ subscriber_jwt_public_key: 'k' }, /^SUBSCRIBER_JWT_AUDIENCE is not set/],
    [{ dispatch_timeout: '5' }, /^DISPATCH_TIMEOUT no longer has an effect/],
    [{ shared_subscriptions: 'false' }, /^SHARED_SUBSCRIPTIONS has no effect/],
    [{ nats_idle_heartbeat: '-1' }, /^NATS_IDLE_HEARTBEAT is -1/],
    [{ nats_tls_insecure_skip_verify: '1' }, /^NATS_TLS_INSECURE_SKIP_VERIFY is on/],
    [{ nats_url: 'nats://a', nats_token: 't' }, /^NATS_URL may send credentials unencrypted/],
    [
      { subscriber_jwt_key: 'k'.repeat(32), subscriber_jwt_cookie: 'c' },
      /^SUBSCRIBER_JWT_COOKIE does/,
    ],
    [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY is true/],
    [
      { WORKERS: '2', max_connections: '9' },
      /^MAX_CONNECTIONS applies to each of the 2 workers separately$/,
    ],
    [
      { WORKERS: '2', max_connections_per_client: '9' },
      /^MAX_CONNECTIONS_PER_CLIENT applies to each of the 2 workers separately; with fleet/,
    ],
    [{ NATS_TOKNE: 'x' }, /^NATS_TOKNE is not a setting; did you mean NATS_TOKEN?\?/],
  ])('%j is allowed, with a warning', (settings, text) => {
    const { warnings } = loadEnvironment(variables({ ...MINIMAL, ...settings }));
    expect(warnings).toEqual([expect.stringMatching(text)]);
  });

  it('ignore the variables that Kubernetes sets for services', () => {
    const env = { NATS_PORT: 'tcp://10.0.0.1:4222', NATS_SERVICE_HOST: '10.0.0.1', NUTS_PORT: 'x' };
    expect(loadEnvironment({ ...variables(MINIMAL), ...env }).warnings).toEqual([]);
  });
});
