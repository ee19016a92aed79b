import { accepted, refused, type Parsed, type SettingKind } from '../setting.interface.js';
import { list } from './list.kind.js';

const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/;

/**
 * Origins are compared as text with what a browser sends, so an entry that no browser ever sends
 * would silently allow nobody: a path, upper case, a default port, a wildcard inside the host.
 */
function origin(text: string): Parsed<string> {
  if (text === '*') return accepted(text);
  if (text === 'null') {
    return refused(
      'is what every sandboxed page and local file sends: list the origins of your pages, or write * for every page',
    );
  }
  const [, scheme] = ORIGIN.exec(text) ?? [];
  if (scheme === undefined) return refused('can never match the origin that a browser sends');
  if (scheme === 'http' || scheme === 'https') {
    const sent = URL.canParse(text) ? new URL(text).origin : undefined;
    if (sent === undefined) return refused('is no valid origin');
    if (sent !== text) return refused(`can never match: a browser sends ${sent}`);
  }
  return accepted(text);
}

/** Origins that may read the stream (contract §6). */
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
    /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text) ? accepted(text) : refused('is no header name'),
});

/**
 * Names of NATS headers that clients may set. JetStream takes those that begin with `Nats-` as
 * instructions, and buckets know a deletion by `KV-Operation`.
 */
export const storedHeaderNames: SettingKind<readonly string[]> = list({
  allowed: 'names of NATS headers, separated by commas; none that begins with Nats-',
  entry: (text) => {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)) return refused('is no header name');
    return /^(nats-|kv-operation$)/i.test(text)
      ? refused('is an instruction to JetStream')
      : accepted(text);
  },
});

const METHOD_NAMES = ['GET', 'OPTIONS', 'POST', 'PUT', 'DELETE'];

/** Methods that preflight answers list, in any case; a rule asks whether the hub serves them. */
export const corsMethods: SettingKind<readonly string[]> = list({
  allowed: `${METHOD_NAMES.join(', ')}; none that the hub does not serve`,
  entry: (text) => {
    const method = text.toUpperCase();
    return METHOD_NAMES.includes(method) ? accepted(method) : refused('is not served');
  },
});
