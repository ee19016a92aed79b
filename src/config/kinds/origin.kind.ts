import { accepted, refused, type Parsed, type SettingKind } from '../setting.interface.js';
import { list } from './list.kind.js';

const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/;

/**
 * Origins are compared as text with those that browsers send. An entry that no browser sends would silently
 * allow nothing: a path, upper case, a default port, a wildcard inside the host.
 */
function origin(text: string): Parsed<string> {
  if (text === '*') return accepted(text);
  if (text === 'null') {
    return refused(
      'is the origin of all sandboxed pages and local files: list the origins of your pages, or use * for every page',
    );
  }
  const [, scheme] = ORIGIN.exec(text) ?? [];
  if (scheme === undefined) return refused('can never match the origin that a browser sends');
  if (scheme === 'http' || scheme === 'https') {
    const sent = URL.canParse(text) ? new URL(text).origin : undefined;
    if (sent === undefined) return refused('is not a valid origin');
    if (sent !== text) return refused(`can never match: a browser sends ${sent}`);
  }
  return accepted(text);
}

/** Origins that may read streams (contract §6). */
export const origins: SettingKind<readonly string[]> = list({
  allowed:
    '*, or origins as browsers send them, separated by commas: scheme://host[:port], lower case, ' +
    'no path, no trailing slash, no default port',
  entry: origin,
});

/** Names of request headers. */
export const headerNames: SettingKind<readonly string[]> = list({
  allowed: 'names of HTTP headers, separated by commas',
  entry: (text) =>
    /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text) ? accepted(text) : refused('is not a header name'),
});

/**
 * Names of NATS headers that clients may set. JetStream interprets those that start with `Nats-`, and
 * buckets interpret `KV-Operation`.
 */
export const storedHeaderNames: SettingKind<readonly string[]> = list({
  allowed: 'names of NATS headers, separated by commas; none that begins with Nats-',
  entry: (text) => {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)) return refused('is not a header name');
    return /^(nats-|kv-operation$)/i.test(text)
      ? refused('is interpreted by JetStream')
      : accepted(text);
  },
});

const METHOD_NAMES = ['GET', 'OPTIONS', 'POST', 'PUT', 'DELETE'];

/** Methods listed in preflight answers, in any case; a rule checks that the hub serves them. */
export const corsMethods: SettingKind<readonly string[]> = list({
  allowed: `${METHOD_NAMES.join(', ')}; none that the hub does not serve`,
  entry: (text) => {
    const method = text.toUpperCase();
    return METHOD_NAMES.includes(method) ? accepted(method) : refused('is not served');
  },
});
