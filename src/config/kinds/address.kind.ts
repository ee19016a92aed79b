import { isIP } from 'node:net';
import { accepted, refused, type Parsed, type SettingKind } from '../setting.interface.js';
import { isLoopback } from './loopback.js';
import { patternOrPlaceholder } from './placeholder.schema.js';

const PATH = /^(\/[A-Za-z0-9._~-]+)+$/;

/** A path of the service, without router patterns and characters that browsers rewrite. */
export const urlPath: SettingKind<string> = {
  allowed: 'a path: begins with a slash, none at the end; letters, digits and ._~- between',
  schema: { type: ['string', 'null'], pattern: patternOrPlaceholder(PATH.source) },
  parse(raw): Parsed<string> {
    if (typeof raw !== 'string' || !PATH.test(raw)) return refused();
    const dots = raw.split('/').some((part) => part === '.' || part === '..');
    return dots ? refused('has a part that browsers remove') : accepted(raw);
  },
};

/** The path of a hub: a path of the service, or `/`. */
export const hubPath: SettingKind<string> = {
  allowed: `${urlPath.allowed}; or / alone`,
  schema: { type: ['string', 'null'], pattern: patternOrPlaceholder(`^/$|${PATH.source}`) },
  parse: (raw) => (raw === '/' ? accepted(raw) : urlPath.parse(raw)),
};

// Characters allowed inside `<…>` of a Link header: ASCII without white space, controls, quotes and angle
// brackets.
const LINK_SAFE = /^[!#-;=?-[\]_a-z~]+$/;

/** The hub's public URL, for `Link: <…>; rel="nuts"` (contract §3). */
export const hubUrl: SettingKind<string> = {
  allowed: 'an absolute http(s) URL without credentials, or a path that begins with one slash',
  schema: { type: ['string', 'null'] },
  parse(raw): Parsed<string> {
    if (typeof raw !== 'string') return refused();
    if (!LINK_SAFE.test(raw)) return refused('has characters that could end the Link header');
    if (raw.startsWith('/')) {
      return raw.startsWith('//') ? refused('names a host without a scheme') : accepted(raw);
    }
    if (!/^https?:\/\//i.test(raw) || !URL.canParse(raw)) return refused();
    const { username, password } = new URL(raw);
    return username || password ? refused('would expose its credentials') : accepted(raw);
  },
};

/** The URL of an identity provider's key set (contract §6). */
export const jwksUrl: SettingKind<string> = {
  allowed: 'an https URL without credentials; http only on loopback',
  schema: { type: ['string', 'null'], pattern: patternOrPlaceholder('^https?://') },
  parse(raw): Parsed<string> {
    if (typeof raw !== 'string' || !URL.canParse(raw)) return refused('is not a URL');
    const url = new URL(raw);
    if (url.username || url.password) return refused('has credentials, which are not supported');
    if (url.protocol === 'https:') return accepted(raw);
    return url.protocol === 'http:' && isLoopback(url.hostname)
      ? accepted(raw)
      : refused('can be changed in transit');
  },
};

const HOST = /^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$/;

/** The address to listen on: an IP address without a port, or a host name that is not a mistyped address. */
export const listenHost: SettingKind<string> = {
  allowed: 'an IP address or a host name',
  schema: { type: ['string', 'null'], pattern: patternOrPlaceholder(HOST.source) },
  parse(raw): Parsed<string> {
    if (typeof raw !== 'string' || !HOST.test(raw)) return refused();
    if (isIP(raw) !== 0) return accepted(raw);
    return raw.includes(':') || /^[\d.]+$/.test(raw)
      ? refused('is not an IP address')
      : accepted(raw);
  },
};
