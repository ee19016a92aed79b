import fc from 'fast-check';
import { NatsConnectError } from '../nats.errors.js';
import { maskUrl, parseServer, showServer } from './server-url.js';

describe('parseServer', () => {
  it.each([
    ['localhost', { scheme: 'nats', host: 'localhost', port: 4222, path: '' }],
    ['n1:4223', { scheme: 'nats', host: 'n1', port: 4223 }],
    ['nats://n1', { scheme: 'nats', port: 4222 }],
    ['TLS://n1:80', { scheme: 'tls', port: 80 }],
    ['ws://n1/nats?a=b', { scheme: 'ws', port: 80, path: '/nats?a=b' }],
    ['wss://n1:8443', { scheme: 'wss', port: 8443 }],
    ['nats://[::1]:4333', { host: '[::1]', port: 4333 }],
    ['u:p@n1:4222', { host: 'n1', user: 'u', password: 'p' }],
    ['nats://u:p%40%2Fx@n1', { user: 'u', password: 'p@/x' }],
    ['nats://u:@n1', { user: 'u', password: '' }],
    ['nats://s3cret@n1', { token: 's3cret' }],
    [' nats://n1 ', { host: 'n1' }],
  ])('parses %j', (text, expected) => {
    expect(parseServer(text)).toMatchObject(expected);
  });

  it.each(['http://n1', 'mqtt://u:pass@n1', 'nats://', 'nats://a b', 'nats://u:pa%ZZss@n1', ''])(
    'rejects %j without showing a secret',
    (text) => {
      expect(() => parseServer(text)).toThrow(NatsConnectError);
      expect(() => parseServer(text)).toThrow(/nats_url/);
      expect(() => parseServer(text)).not.toThrow(/pass|pa%ZZss/);
    },
  );

  it('shows a URL without its credentials', () => {
    expect(showServer(parseServer('nats://u:p@[::1]:4333'))).toBe('nats://[::1]:4333');
  });
});

describe('maskUrl', () => {
  it.each([
    ['nats://u:p@n1:4222', 'nats://***@n1:4222'],
    ['nats://token@n1', 'nats://***@n1'],
    ['n1:4222', 'n1:4222'],
    ['nats://n1,tls://u:p@n2,n3', 'nats://***@n2,n3'],
    ['nats://u:p@n1,nats://v:q@n2', 'nats://***@n2'],
    ['nats://u:x,a://b:,y@n1,v:q@/z@n2', 'nats://***@n2'],
  ])('masks %j as %j', (text, expected) => {
    expect(maskUrl(text)).toBe(expected);
  });

  it('never shows a password, wherever it contains commas, slashes and at signs', () => {
    const password = fc.stringMatching(/^[a-z0-9@,/:]{3,12}$/).map((tail) => `SECRET${tail}SECRET`);
    fc.assert(
      fc.property(password, password, (one, two) => {
        const masked = maskUrl(`nats://u:${one}@n1:4222,u:${two}@n2,ws://u:${two}@n3`);
        expect(masked).not.toContain('SECRET');
      }),
    );
  });
});
