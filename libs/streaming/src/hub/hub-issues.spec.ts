import { completeHub, type HubDeclaration } from './complete-hub.js';
import { hubIssues } from './hub-issues.js';

const hub = (changes: Partial<HubDeclaration> = {}): HubDeclaration => ({
  path: '/events',
  nats: { servers: ['localhost'] },
  stream: 'EVENTS',
  ...changes,
});
const issues = (...hubs: HubDeclaration[]): string[] => hubIssues(hubs.map(completeHub));

it.each<Partial<HubDeclaration>>([
  {},
  { path: '/' },
  { path: '/a/b~c/d.e-f_9' },
  { topicPrefix: 'events.' },
  { topicPrefix: 'events-' },
  { hubUrl: 'https://hubs.example.com/events?a=b' },
  { drainDelayMs: 0, windowMaxMessages: 1, heartbeatMs: 0.5 },
  { writeTimeoutMs: undefined, maxTopics: undefined },
])('accepts %j', (changes) => {
  expect(issues(hub(changes))).toEqual([]);
});

it.each<[Partial<HubDeclaration>, string]>([
  [{ path: 'events' }, 'path must begin'],
  [{ path: '/events/' }, 'path must begin'],
  [{ path: '/a b' }, 'path must begin'],
  [{ stream: '' }, 'stream is empty'],
  [{ kvBucket: 'flags' }, 'kvBucket excludes stream and topicPrefix'],
  [{ nats: { servers: [] } }, 'nats.servers is empty'],
  [{ topicPrefix: 'a.*.' }, 'topicPrefix "a.*." is not a valid start of a subject'],
  [{ topicPrefix: '.a' }, 'is not a valid start of a subject'],
  [{ topicPrefix: 'a..b' }, 'is not a valid start of a subject'],
  [{ heartbeatMs: undefined }, 'heartbeatMs is undefined'],
  [{ heartbeatMs: 0 }, 'heartbeatMs is 0; allowed: more than 0'],
  [{ windowMaxBytes: NaN }, 'windowMaxBytes is NaN'],
  [{ drainWindowMs: -1 }, 'drainWindowMs is -1; allowed: 0 or more'],
  [{ maxConnections: 0 }, 'maxConnections is 0; allowed: more than 0, or undefined'],
  [{ format: { maxEventBytes: -1 } }, 'format.maxEventBytes is -1'],
  [{ natsIdleHeartbeatMs: 15_000 }, 'natsIdleHeartbeatMs is 15000; allowed: below 15000'],
  [{ hubUrl: '/a>; rel="x"' }, 'cannot stand in a Link header'],
  [{ hubUrl: '/a\r\nSet-Cookie: a=b' }, 'cannot stand in a Link header'],
])('rejects %j', (changes, text) => {
  expect(issues(hub(changes))).toEqual([expect.stringContaining(text)]);
});

describe('a hub over a bucket', () => {
  const nats = { servers: ['localhost'] };

  it('reads the stream of its keys and has its own default start', () => {
    const options = completeHub({ path: '/flags', nats, kvBucket: 'flags' });
    expect(hubIssues([options])).toEqual([]);
    expect(options).toMatchObject({
      stream: 'KV_flags',
      topicPrefix: '$KV.flags.',
      defaultStart: { from: 'last' },
      format: { keyOperations: true },
    });
  });

  it.each([
    [{ kvBucket: 'a.b' }, 'kvBucket "a.b" names no bucket'],
    [{ kvBucket: '' }, 'kvBucket "" names no bucket'],
    [{ kvBucket: 'a', topicPrefix: 'b.' }, 'kvBucket excludes stream and topicPrefix'],
  ])('rejects %j', (changes, text) => {
    expect(issues({ path: '/flags', nats, ...changes })).toEqual([
      expect.stringContaining(text) as string,
    ]);
  });
});

it('rejects two hubs with the same path or name, and reports all errors at once', () => {
  const twins = [hub(), hub({ stream: '' }), hub({ path: '/other', name: '/events' })];
  expect(issues(...twins)).toEqual([
    '/events: stream is empty; set stream or kvBucket',
    '/events: two hubs have this name',
    '/events: two hubs have this path',
  ]);
});
