import { isIP } from 'node:net';
import { accepted, refused, type Parsed, type SettingKind } from '../setting.interface.js';
import { entriesOf } from './list.kind.js';

/** A value for Express's `trust proxy`: all, a number of hops, or networks. */
export type TrustProxy = boolean | number | readonly string[];

const NETWORK_NAMES = ['loopback', 'linklocal', 'uniquelocal'];

function isNetwork(text: string): boolean {
  if (NETWORK_NAMES.includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

/** Proxies whose `X-Forwarded-*` headers are trusted. `1` is one hop, as in Express. */
export const trustProxy: SettingKind<TrustProxy> = {
  allowed:
    'off, true, a number of hops (1 to 255), or addresses, networks (10.0.0.0/8) and loopback, ' +
    'linklocal, uniquelocal, separated by commas',
  list: true,
  schema: {
    anyOf: [
      { type: ['boolean', 'string', 'null'] },
      { type: 'integer', minimum: 0, maximum: 255 },
      { type: 'array', items: { type: 'string' }, minItems: 1 },
    ],
  },
  parse(raw): Parsed<TrustProxy> {
    if (typeof raw === 'string') {
      const word = raw.toLowerCase();
      if (word === 'off' || word === 'false' || word === '0') return accepted(false);
      if (word === 'true') return accepted(true);
      if (/^[1-9]\d{0,2}$/.test(word) && Number(word) <= 255) return accepted(Number(word));
    }
    const networks = entriesOf(raw);
    return networks.length > 0 && networks.every(isNetwork) ? accepted(networks) : refused();
  },
};
