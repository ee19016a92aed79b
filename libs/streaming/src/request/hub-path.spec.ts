import { FakeHub, hubOptions } from '../sse/edge.fixture.js';
import { matchHub } from './hub-path.js';
import { splitTarget } from './stream-route.js';

const hubs = ['/', '/events', '/events/eu'].map((path) => new FakeHub(hubOptions({ path })));
const find = (pathname: string, among = hubs): [string, string] | undefined => {
  const match = matchHub(among, pathname);
  return match && [match.hub.options.path, match.rest];
};

it.each([
  ['/events', ['/events', '']],
  ['/events/', ['/events', '/']],
  ['/events/orders/new', ['/events', '/orders/new']],
  ['/events/eu/x', ['/events/eu', '/x']],
  ['/events/europe', ['/events', '/europe']],
  ['/eventsx', ['/', '/eventsx']],
  ['/', ['/', '/']],
])('%s belongs to %j', (pathname, expected) => {
  expect(find(pathname)).toEqual(expected);
});

it('finds no hub outside', () => {
  expect(find('/eventsx', hubs.slice(1))).toBeUndefined();
  expect(find('/EVENTS', hubs.slice(1))).toBeUndefined();
});

it.each([
  ['/a?b=/c?d', { pathname: '/a', search: '?b=/c?d' }],
  ['http://host:80/a?b', { pathname: '/a', search: '?b' }],
  ['http://host', { pathname: '/', search: '' }],
  ['?a', { pathname: '/', search: '?a' }],
])('splits %s', (target, expected) => {
  expect(splitTarget(target)).toEqual(expected);
});
