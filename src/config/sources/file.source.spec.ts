import fc from 'fast-check';
import { stringify } from 'yaml';
import { MINIMAL, loadEnvironment, loadFile, issuesOf, variables } from '../loading.fixture.js';
import { COMPANIONS, HUB_SAMPLES } from '../setting-samples.fixture.js';

const HEAD = 'nats_url: localhost:4222\nstream_name: EVENTS\n';

describe('a configuration file', () => {
  it('shares the settings at the top, and lets a hub override them', () => {
    const { hubs } = loadFile(
      `${HEAD}replay_window: 60\nhubs:\n  - path: /a\n  - path: /b\n    stream_name: OTHER\n    replay_window:\n`,
    );
    expect(hubs).toMatchObject([
      { name: '/a', path: '/a', stream: 'EVENTS', replayWindowMs: 60_000 },
      { name: '/b', path: '/b', stream: 'OTHER' },
    ]);
    expect(hubs[1]).not.toHaveProperty('replayWindowMs');
  });

  it("replaces a shared authentication by the hub's own", () => {
    const text = `${HEAD}nats_user: u\nnats_password: p\nsubscriber_jwt_key: k\nhubs:
  - path: /a
  - path: /b
    nats_token: t
    subscriber_jwks_url: https://a.example/
  - path: /c
    nats_password: q
    subscriber_jwt_key: ~
`;
    const [a, b, c] = loadFile(text).hubs;
    expect(a).toMatchObject({ nats: { user: 'u', password: 'p' }, access: { secret: 'k' } });
    expect(b?.access).toMatchObject({ jwksUrl: 'https://a.example/' });
    expect(b?.nats).toMatchObject({ token: 't' });
    expect(b?.nats).not.toHaveProperty('user');
    expect(c?.nats).toMatchObject({ user: 'u', password: 'q' });
    expect(c).not.toHaveProperty('access');
  });

  it('treats credentials in a URL as an authentication', () => {
    const ways = (shared: string, own: string): object =>
      loadFile(`stream_name: E\n${shared}\nhubs:\n  - path: /a\n    ${own}\n`).hubs[0]!.nats;
    const byToken = ways('nats_url: nats://u:p@a:1', 'nats_token: t');
    expect(byToken).toMatchObject({ servers: ['nats://a:1'], token: 't' });
    const byAddress = ways('nats_token: t', 'nats_url: nats://u:p@a:1');
    expect(byAddress).toMatchObject({ servers: ['nats://a:1'], user: 'u', password: 'p' });
    expect(byToken).not.toHaveProperty('user');
    expect(byAddress).not.toHaveProperty('token');
  });

  it('gives hubs with equal settings equal options', () => {
    const [a, b] = loadFile(`${HEAD}hubs:\n  - path: /a\n  - path: /b\n`).hubs;
    expect(a?.nats).toEqual(b?.nats);
  });

  it('reads JSON, tabs and $schema included', () => {
    const text = `{\n\t"$schema": "x.json",\n\t"nats_url": ["a:1", "b:1"], "stream_name": "E",\n\t"hubs": [{ "path": "/a", "gap_events": false, "sse_retry": 5, "hub_url": null }]\n}`;
    const [hub] = loadFile(text, {}, 'hubs.json').hubs;
    expect(hub).toMatchObject({
      nats: { servers: ['a:1', 'b:1'] },
      format: { gapEvents: false },
      sseRetryMs: 5,
    });
  });

  it('resolves anchors', () => {
    const text = `${HEAD}allowed_origins: &o [https://a.example]\nhubs:\n  - path: /a\n    allowed_origins: *o\n`;
    expect(loadFile(text).hubs[0]?.cors.origins).toEqual(['https://a.example']);
  });

  it.each<[string, string, (string | RegExp)[]]>([
    ['no map', '- a\n', ['hubs.yaml: must contain settings and a list of hubs']],
    ['nothing', '', ['hubs.yaml: must contain settings and a list of hubs']],
    ['no hubs', HEAD, ['hubs.yaml: hubs must list at least one hub with its path']],
    ['no hub', `${HEAD}hubs: []`, [/^hubs.yaml:3: hubs must list/]],
    [
      'a hub without a path',
      `${HEAD}hubs:\n  - gap_events: true\n`,
      [/^hubs.yaml:4: hubs\[0\].path/],
    ],
    [
      'a hub that is text',
      `${HEAD}hubs:\n  - /a\n`,
      [/^hubs.yaml:4: hubs\[0\] must contain a path/],
    ],
    ['a name twice', 'nats_url: a\nnats_url: b\n', ['hubs.yaml:2: a name occurs twice in one map']],
    ['two documents', `${HEAD}---\n${HEAD}`, [/^hubs.yaml:3: contains more than one/]],
    ['a tag', `${HEAD}hubs: !x []\n`, [/^hubs.yaml:3: tags/]],
    ['a tag of YAML itself', `${HEAD}nats_token: !!binary aGk=\n`, [/^hubs.yaml:3: tags/]],
    [
      'a map as a value',
      `${HEAD}hubs:\n  - path: {a: b}\n`,
      [/^hubs.yaml:4: hubs\[0\].path must be one/],
    ],
    [
      'a list as one value',
      `${HEAD}hubs:\n  - path: [/a]\n`,
      [/^hubs.yaml:4: hubs\[0\].path must be one/],
    ],
    [
      'an unknown name',
      `${HEAD}nats_ulr: a\nhubs:\n  - path: /a\n`,
      ['hubs.yaml:3: nats_ulr is not a setting; did you mean nats_url?'],
    ],
    [
      'a name in upper case',
      `${HEAD}hubs:\n  - path: /a\n    SSE_RETRY: 1\n`,
      ['hubs.yaml:5: hubs[0].SSE_RETRY is not a setting; did you mean sse_retry?'],
    ],
    [
      'origins that are null',
      `${HEAD}hubs:\n  - path: /a\n    allowed_origins: null\n`,
      [/^hubs.yaml:5: hubs\[0\].allowed_origins: null could mean .*write "\*" for every page/],
    ],
    [
      'origins that are left out',
      `${HEAD}hubs:\n  - path: /a\n    allowed_origins:\n`,
      [/^hubs.yaml:5: hubs\[0\].allowed_origins: null could mean/],
    ],
    [
      'a name of every object',
      `${HEAD}constructor: 1\nhubs:\n  - path: /a\n    toString: 1\n`,
      [
        'hubs.yaml:3: constructor is not a setting',
        'hubs.yaml:6: hubs[0].toString is not a setting',
      ],
    ],
    [
      'a path at the top',
      `${HEAD}path: /a\nhubs:\n  - path: /a\n`,
      ['hubs.yaml:3: path belongs to an entry of hubs'],
    ],
    [
      'a port in a hub',
      `${HEAD}hubs:\n  - path: /a\n    port: 1\n`,
      ['hubs.yaml:5: hubs[0].port belongs at the top of the file'],
    ],
    [
      'a path twice',
      `${HEAD}hubs:\n  - path: /a\n  - path: /A\n`,
      [/^hubs.yaml:5: hubs\[1\].path is also the path of another hub/],
    ],
    [
      'a path below another',
      `${HEAD}hubs:\n  - path: /a/b\n  - path: /a\n`,
      [/^hubs.yaml:5: .* shadow each other/],
    ],
    [
      'a hub beside one at the root',
      `${HEAD}hubs:\n  - path: /\n  - path: /a\n`,
      [/^hubs.yaml:5: .* \/a and the hub \/ shadow each other/],
    ],
    [
      'a path that is a probe of another hub',
      `${HEAD}hubs:\n  - path: /up\n  - path: /b\n    live_path: /up\n`,
      [/^hubs.yaml:4: hubs\[0\].path \/up shadows the probe/],
    ],
    [
      'probes that disagree',
      `${HEAD}hubs:\n  - path: /a\n    live_path: /up\n  - path: /b\n    ready_path: /up\n`,
      [/use \/up for different probes/],
    ],
    [
      'a shared setting, reported once',
      `${HEAD}sse_retry: -1\nhubs:\n  - path: /a\n  - path: /b\n`,
      [/^hubs.yaml:3: sse_retry: "-1" is out of range/],
    ],
    [
      'a stream that nobody names',
      'nats_url: a\nhubs:\n  - path: /a\n',
      [/^hubs.yaml:3: hubs\[0\].stream_name is not set/],
    ],
    [
      'YAML number spellings',
      `${HEAD}sse_retry: 0x10\ndrain_delay: 1e1\nhubs:\n  - path: /a\n`,
      [/^hubs.yaml:3: .*plain/, /^hubs.yaml:4: .*plain/],
    ],
  ])('is rejected with the line number: %s', (_, text, expected) => {
    expect(issuesOf(() => loadFile(text))).toEqual(
      expected.map((part) =>
        typeof part === 'string' ? part : (expect.stringMatching(part) as string),
      ),
    );
  });

  it('names the line of malformed JSON', () => {
    expect(issuesOf(() => loadFile('{\n"a": 1 "b": 2 }', {}, 'a.json'))).toEqual([
      'a.json:2: is not valid JSON',
    ]);
  });

  it('does not read hub settings from the environment, and says so', () => {
    const { hubs, warnings } = loadFile(
      'nats_url: ${NATS_URL}\nstream_name: E\nhubs:\n  - path: /a\n',
      { NATS_URL: 'x:1', STREAM_NAME: 'OTHER', HUB_PATH: '/b' },
    );
    expect(hubs).toMatchObject([{ path: '/a', stream: 'E', nats: { servers: ['x:1'] } }]);
    expect(warnings).toEqual([
      'HUB_PATH is ignored: the hubs are those of hubs.yaml',
      'STREAM_NAME is ignored: the hubs are those of hubs.yaml',
    ]);
  });

  it.each([
    ['topic', { from: 'topic' }],
    ['header B', { from: 'header', header: 'B' }],
    ['header', { from: 'header', header: 'A' }],
  ])("a hub's own event_type %s overrides a shared header", (type, eventType) => {
    const shared = `${HEAD}event_type: header\nevent_type_header: A\n`;
    const { hubs } = loadFile(
      `${shared}hubs:\n  - path: /a\n    event_type: ${type}\n  - path: /b\n`,
    );
    expect(hubs.map(({ format }) => format.eventType)).toEqual([
      eventType,
      { from: 'header', header: 'A' },
    ]);
  });

  it('has the same effect as the environment', () => {
    const setting = fc
      .constantFrom(...Object.entries(HUB_SAMPLES))
      .chain(([name, { right }]) => fc.constantFrom(...right).map((value) => ({ name, value })));
    fc.assert(
      fc.property(setting, fc.boolean(), ({ name, value }, shared) => {
        const settings: Record<string, string> = {
          path: '/events',
          ...MINIMAL,
          ...COMPANIONS[name as keyof typeof COMPANIONS],
          [name]: value,
        };
        const { path, ...others } = settings;
        const file = shared ? { ...others, hubs: [{ path }] } : { hubs: [settings] };
        const expected = loadEnvironment(variables(settings)).hubs;
        expect(loadFile(stringify(file)).hubs).toEqual(expected);
        expect(loadFile(JSON.stringify(file), {}, 'a.json').hubs).toEqual(expected);
      }),
    );
  });
});
