import { jwksUrl } from './jwks-url.js';

describe('jwksUrl', () => {
  it.each([
    'https://id.example/jwks.json',
    'http://localhost:8080/jwks',
    'http://127.0.0.1/jwks',
    'http://127.9.9.9/jwks',
    'http://[::1]:1/jwks',
  ])('takes %s', (text) => expect(jwksUrl(text).href).toBe(text));

  it.each([
    'http://id.example/jwks',
    'http://localhost.example/jwks',
    'http://127.0.0.1.example/jwks',
    'http://127.example/jwks',
    'http://[::2]/jwks',
    'http://0.0.0.0/jwks',
    'file:///jwks',
    'ftp://localhost/jwks',
    'data:application/json,{}',
    'jwks.json',
    '',
  ])('refuses %j', (text) => expect(() => jwksUrl(text)).toThrow(/^subscriber_jwks_url /));

  it('refuses a user without a password', () => {
    expect(() => jwksUrl('https://hush@id.example/')).toThrow(/^(?!.*hush).*user or password/);
  });

  it('refuses a password without a user', () => {
    expect(() => jwksUrl('https://:hush@id.example/')).toThrow(/^(?!.*hush).*user or password/);
  });

  it('says what to set in the place of a text that is no URL', () => {
    expect(() => jwksUrl('jwks.json')).toThrow('is not a URL: set an https URL');
  });

  it('refuses a password without repeating it', () => {
    expect(() => jwksUrl('https://me:hush@id.example/')).toThrow(/^(?!.*hush).*user or password/);
  });
});
