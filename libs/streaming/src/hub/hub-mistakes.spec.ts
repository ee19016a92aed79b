import { completeHub, type HubDeclaration } from './complete-hub.js';
import { hubMistakes } from './hub-mistakes.js';

const hub = (changes: Partial<HubDeclaration> = {}): HubDeclaration => ({
  path: '/events',
  nats: { servers: ['localhost'] },
  stream: 'EVENTS',
  ...changes,
});
const mistakes = (...hubs: HubDeclaration[]): string[] => hubMistakes(hubs.map(completeHub));

it.each<Partial<HubDeclaration>>([
  {},
  { path: '/' },
  { path: '/a/b~c/d.e-f_9' },
  { topicPrefix: 'events.' },
  { topicPrefix: 'events-' },
  { hubUrl: 'https://hubs.example.com/events?a=b' },
])('takes %j', (changes) => {
  expect(mistakes(hub(changes))).toEqual([]);
});

it.each<[Partial<HubDeclaration>, string]>([
  [{ path: 'events' }, 'path must begin'],
  [{ path: '/events/' }, 'path must begin'],
  [{ path: '/a b' }, 'path must begin'],
  [{ stream: '' }, 'stream is empty'],
  [{ nats: { servers: [] } }, 'nats.servers is empty'],
  [{ topicPrefix: 'a.*.' }, 'topicPrefix "a.*." begins no subject'],
  [{ topicPrefix: '.a' }, 'begins no subject'],
  [{ topicPrefix: 'a..b' }, 'begins no subject'],
  [{ hubUrl: '/a>; rel="x"' }, 'cannot stand in a Link header'],
  [{ hubUrl: '/a\r\nSet-Cookie: a=b' }, 'cannot stand in a Link header'],
])('refuses %j', (changes, text) => {
  expect(mistakes(hub(changes))).toEqual([expect.stringContaining(text)]);
});

it('refuses two hubs of one path or name, and tells everything at once', () => {
  const twins = [hub(), hub({ stream: '' }), hub({ path: '/other', name: '/events' })];
  expect(mistakes(...twins)).toEqual([
    '/events: stream is empty',
    '/events: two hubs have this name',
    '/events: two hubs have this path',
  ]);
});
