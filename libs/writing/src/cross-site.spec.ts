import { hasAmbientCredentials, isForeignOrigin } from './cross-site.js';

const NAMED = ['https://app.example', '*', 'null'];

describe('isForeignOrigin', () => {
  it.each<[string, Record<string, string>]>([
    ['no Origin', { host: 'hub.example' }],
    ['the own host', { host: 'hub.example', origin: 'https://hub.example' }],
    ['the own host and port', { host: 'LOCALHOST:8080', origin: 'http://localhost:8080' }],
    ['an origin listed by name', { host: 'hub.example', origin: 'https://app.example' }],
    [
      "the browser's word, where a proxy rewrote Host",
      { host: 'inner:80', origin: 'https://hub.example', 'sec-fetch-site': 'same-origin' },
    ],
    [
      'what a user did by hand',
      { host: 'hub.example', origin: 'https://hub.example', 'sec-fetch-site': 'none' },
    ],
  ])('allows %s', (_what, headers) => {
    expect(isForeignOrigin({ headers }, NAMED)).toBe(false);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { host: 'hub.example', origin: 'https://evil.example' }],
    ['null', { host: 'hub.example', origin: 'null' }],
    ['*, which is no name', { host: 'hub.example', origin: '*' }],
    ['another port', { host: 'hub.example', origin: 'https://hub.example:8443' }],
    ['a subdomain', { host: 'hub.example', origin: 'https://a.hub.example' }],
    ['a list of origins', { host: 'hub.example', origin: 'https://app.example, https://evil' }],
    ['garbage', { host: 'hub.example', origin: 'hub.example' }],
    ['an empty Origin', { host: 'hub.example', origin: '' }],
    ['a missing Host', { origin: 'https://hub.example' }],
    [
      'the plain-text page of the own host',
      { host: 'hub.example', origin: 'http://hub.example', 'sec-fetch-site': 'cross-site' },
    ],
  ])('treats %s as foreign', (_what, headers) => {
    expect(isForeignOrigin({ headers }, NAMED)).toBe(true);
  });
});

it.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ authorization: 'Bearer a' }, false],
  [{ authorization: 'bearer a', cookie: 'session=1' }, false],
  [{ cookie: 'session=1' }, true],
  [{ authorization: 'Basic YTpi' }, true],
  [{ authorization: 'negotiate', cookie: 'a=b' }, true],
  [{ authorization: 'ApiKey 1', cookie: 'a=b' }, false],
])('ambient credentials of %j: %j', (headers, expected) => {
  expect(hasAmbientCredentials({ headers })).toBe(expected);
});
