import { MINIMAL, loadEnvironment, loadFile, issuesOf, oneFile } from './loading.fixture.js';
import { checkConfiguration } from './cli/check.command.js';

const KEY = 'a secret of at least thirty-two bytes';
const ENV = {
  NATS_URL: 'localhost:4222',
  STREAM_NAME: 'EVENTS',
  SERVICES_PATH: '/services',
  SERVICES_SUBJECT_PREFIX: 'services.',
};

function fileWith(entry: Record<string, string>, top = ''): string {
  const lines = Object.entries(entry).map(([name, value]) => `    ${name}: ${value}`);
  return [
    `nats_url: ${MINIMAL.nats_url}`,
    top,
    'hubs: [{ path: /events, stream_name: EVENTS }]',
    'services:',
    '  -',
    ...lines,
  ].join('\n');
}

const ENTRY = { path: '/services', subject_prefix: 'services.', request_anonymous: 'true' };

describe('services', () => {
  it('come from the environment, with the NATS, token and CORS settings of the hub', () => {
    const { hubs, services } = loadEnvironment({
      ...ENV,
      SUBSCRIBER_JWT_KEY: KEY,
      ALLOWED_ORIGINS: 'https://app.example',
      ALLOWED_METHODS: 'GET, OPTIONS',
      REQUEST_TIMEOUT: '2.5',
      PUBLISH_RATE: '3',
    });
    expect(services).toMatchObject([
      {
        name: '/services',
        path: '/services',
        subjectPrefix: 'services.',
        access: hubs[0]?.access,
        anonymous: false,
        cors: { origins: ['https://app.example'], methods: ['POST', 'OPTIONS'] },
        requestTimeoutMs: 2500,
        maxRequests: 100,
        maxBytes: 1_048_576,
        rate: 3,
      },
    ]);
    expect(services[0]?.nats).toEqual(hubs[0]?.nats);
  });

  it('are absent without a path and a prefix, and require both', () => {
    const { SERVICES_PATH: _path, SERVICES_SUBJECT_PREFIX: _prefix, ...hub } = ENV;
    expect(loadEnvironment(hub).services).toEqual([]);
    expect(loadEnvironment({ ...hub, REQUEST_MAX: '5' }).warnings).toEqual([
      'REQUEST_MAX has no effect without SERVICES_PATH',
    ]);
    for (const one of ['SERVICES_PATH', 'SERVICES_SUBJECT_PREFIX'] as const) {
      const env = { ...hub, [one]: ENV[one], REQUEST_ANONYMOUS: 'true' };
      const other = one === 'SERVICES_PATH' ? 'SERVICES_SUBJECT_PREFIX' : 'SERVICES_PATH';
      expect(issuesOf(() => loadEnvironment(env))).toEqual([
        expect.stringMatching(`^${other} is required; allowed: `),
      ]);
    }
  });

  it('come from a file, and inherit the settings at its top', () => {
    const top = `subscriber_jwt_key: ${KEY}\nrequest_max: 7\nrequest_max_per_client: 2\nallowed_headers: [X-A]\nwrite_timeout: -1`;
    const { services } = loadFile(fileWith({ ...ENTRY, request_timeout: '3' }, top));
    expect(services).toMatchObject([
      {
        maxRequests: 7,
        maxRequestsPerClient: 2,
        requestTimeoutMs: 3000,
        access: { secret: KEY },
        cors: { headers: ['X-A'] },
      },
    ]);
    expect(services[0]).not.toHaveProperty('writeTimeoutMs');
  });

  it('without a token key require an explicit setting to be open', () => {
    const { request_anonymous: _said, ...entry } = ENTRY;
    expect(issuesOf(() => loadFile(fileWith(entry)))).toEqual([
      expect.stringMatching(
        /services\[0\]\.subject_prefix would allow everyone to send requests.*request_anonymous/,
      ),
    ]);
    expect(issuesOf(() => loadFile(fileWith(entry, `subscriber_jwt_key: ${KEY}`)))).toEqual([]);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ subject_prefix: '$JS.' }, /services\[0\]\.subject_prefix: "\$JS\." is not allowed/],
    [{ subject_prefix: '"a..b"' }, /subject_prefix: "a\.\.b" is not allowed/],
    [{ subject_prefix: '""' }, /subject_prefix is required/],
    [{ subject_prefix: '_INBOX.' }, /subject_prefix includes the reply subjects/],
    [{ subject_prefix: 'own.x', nats_inbox_prefix: 'own' }, /includes the reply subjects/],
    [{ path: '/' }, /path: "\/" is not allowed/],
    [{ path: '/events' }, /services\[0\]\.path is also the path of a hub/],
    [{ path: '/EVENTS/x' }, /and the path of a hub \(\/events\) shadow each other/],
    [{ path: '/livez' }, /is also the path of a probe/],
    [{ path: '/metrics' }, /is also the path of the metrics/],
    [{ path: '' }, /each entry of services needs its own/],
    [{ stream_name: 'EVENTS' }, /services\[0\]\.stream_name has no meaning for services/],
    [{ port: '1' }, /port belongs at the top/],
    [{ request_timout: '1' }, /is not a setting; did you mean request_timeout?/],
    [{ nats_user: 'u' }, /nats_user needs nats_password/],
    [{ request_max: '-1' }, /request_max: "-1" is out of range/],
  ])('%j is an error', (changes, text) => {
    const issues = issuesOf(() => loadFile(fileWith({ ...ENTRY, ...changes })));
    expect(issues).toEqual(expect.arrayContaining([expect.stringMatching(text)]));
  });

  it('cannot share a path, and hubs cannot contain settings of services', () => {
    const two = `${fileWith(ENTRY)}\n  - { path: /services, subject_prefix: b., request_anonymous: 1 }`;
    expect(issuesOf(() => loadFile(two))).toEqual([
      expect.stringContaining('services[1].path is also the path of other services'),
    ]);
    const wrong = 'nats_url: a\nhubs: [{ path: /a, stream_name: A, request_max: 1 }]\nservices: 5';
    expect(issuesOf(() => loadFile(wrong))).toEqual([
      expect.stringContaining('hubs[0].request_max belongs to an entry of services'),
      expect.stringContaining('services must be a list'),
    ]);
    const atTop = 'nats_url: a\nsubject_prefix: a.\nhubs: [{ path: /a, stream_name: A }]';
    expect(issuesOf(() => loadFile(atTop))).toEqual([
      expect.stringContaining('subject_prefix belongs to an entry of services'),
    ]);
  });

  it('work beside a hub at the root', () => {
    const { services } = loadEnvironment({ ...ENV, HUB_PATH: '/', REQUEST_ANONYMOUS: 'true' });
    expect(services).toHaveLength(1);
  });

  it("cannot use the fleet's subjects", () => {
    for (const prefix of ['nuts.', 'nuts.fleet.shop.close', 'n']) {
      const entry = { ...ENTRY, subject_prefix: prefix };
      expect(issuesOf(() => loadFile(fileWith(entry, 'fleet: shop')))).toEqual([
        expect.stringContaining('includes the subjects of the fleet (nuts.fleet)'),
      ]);
      expect(issuesOf(() => loadFile(fileWith(entry)))).toEqual([]);
    }
  });

  it('warn about subjects that a stream may store, and about the same problems as hubs', () => {
    const text = fileWith({ ...ENTRY, subject_prefix: 'events.x.' }, 'topic_prefix: events.');
    expect(loadFile(text).warnings).toEqual([
      expect.stringContaining('overlaps the topic_prefix of the hub /events'),
    ]);
    const weak = fileWith({ ...ENTRY, subscriber_jwt_key: 'short' });
    expect(loadFile(weak).warnings).toEqual([
      expect.stringMatching(/services\[0\]\.subscriber_jwt_key is shorter than 32 bytes/),
    ]);
  });

  it('are printed by config:check', () => {
    const text = fileWith({ ...ENTRY, nats_token: 's3cr3t' });
    const report = checkConfiguration('hubs.yaml', {}, oneFile(text));
    expect(report).toMatchObject({ exitCode: 0 });
    expect(report.text).toContain(
      '/services (services)\n  NATS     localhost:4222 (token), subjects',
    );
    expect(report.text).not.toContain('s3cr3t');
  });
});
