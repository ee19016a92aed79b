import { corsMethods, headerNames, origins } from '../kinds/origin.kind.js';
import { jwksUrl } from '../kinds/address.kind.js';
import { MAX_TIMER_SECONDS, numberKind } from '../kinds/number.kind.js';
import { anyText, filePath, text } from '../kinds/text.kind.js';
import { setting, type ExclusiveWay } from '../setting.interface.js';

function key(way: string): { readonly exclusive: ExclusiveWay } {
  return { exclusive: { group: 'token key', way } };
}

/** Subscriber tokens, and origins that may read streams. */
export const ACCESS_SETTINGS = {
  subscriber_jwt_key: setting({
    kind: anyText('a secret, best of 32 bytes or more'),
    secret: true,
    ...key('subscriber_jwt_key'),
    doc: 'HMAC secret of subscriber tokens: HS256, HS384, HS512.',
  }),
  subscriber_jwt_public_key: setting({
    kind: filePath('a public key in PEM'),
    file: true,
    ...key('subscriber_jwt_public_key'),
    doc: 'Public key of subscriber tokens: RS, PS, ES 256 to 512, EdDSA.',
  }),
  subscriber_jwks_url: setting({
    kind: jwksUrl,
    ...key('subscriber_jwks_url'),
    doc: 'Key set of an identity provider; its keys can rotate.',
  }),
  subscriber_jwks_max_age: setting({
    kind: numberKind<number>({ unit: 'seconds', min: 1, max: MAX_TIMER_SECONDS }),
    default: '600',
    doc: 'Time after which a key that was removed from the set is no longer accepted.',
  }),
  subscriber_jwks_max_stale: setting({
    kind: numberKind<number>({
      unit: 'seconds',
      max: MAX_TIMER_SECONDS,
      special: { 0: { means: 'none beyond subscriber_jwks_max_age', value: 0 } },
    }),
    default: '86400',
    doc: 'The same if the identity provider cannot be reached.',
  }),
  subscriber_jwt_issuer: setting({
    kind: anyText('the `iss` that a token must have'),
    doc: 'Required issuer of tokens.',
  }),
  subscriber_jwt_audience: setting({
    kind: anyText('the `aud` that a token must have'),
    doc: 'Required audience of tokens.',
  }),
  subscriber_jwt_cookie: setting({
    kind: text({
      allowed: 'the name of a cookie',
      pattern: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
    }),
    doc: 'Cookie with the token, for browsers: `EventSource` cannot send a header.',
  }),
  allowed_origins: setting({
    kind: origins,
    default: '*',
    notNull:
      'could mean every page or none: write "*" for every page, list the origins of your pages, or leave the setting out',
    doc: 'Origins whose pages may read the stream. Cookies are accepted only from origins listed by name.',
  }),
  allowed_headers: setting({
    kind: headerNames,
    doc: "Request headers that preflight responses allow. Default: `Cache-Control`, `Last-Event-ID`, and those that the hub's features need.",
  }),
  allowed_methods: setting({
    kind: corsMethods,
    doc: 'Methods that preflight responses allow. Default: all that the hub supports.',
  }),
};
