import { servedMethods } from '@nuts/streaming';
import type { HubRule } from './rule.interface.js';
import { hasTokenKey, KEYS } from './access.rules.js';

/** Without a key everybody may write: that has to be said. */
export const publishNeedsAKey: HubRule = (hub) => {
  const { publish, publish_anonymous: anonymous } = hub.values;
  if (!publish || anonymous || hasTokenKey(hub)) return [];
  const keys = KEYS.map((key) => hub.nameOf(key)).join(', ');
  return [
    hub.mistake(
      'publish',
      `would let everybody write, since the hub has no token key: set one of ${keys}, or ${hub.nameOf('publish_anonymous')} to true`,
    ),
  ];
};

/** A preflight answer that promises a method which is then refused misleads a page's author. */
export const methodsAreServed: HubRule = (hub) => {
  const { publish, kv_bucket: kvBucket } = hub.values;
  const served = servedMethods({ kvBucket, ...(publish && { publish: NO_RULES }) });
  const others = hub.values.allowed_methods?.filter((method) => !served.includes(method)) ?? [];
  if (others.length === 0) return [];
  return [
    hub.mistake(
      'allowed_methods',
      `holds ${others.join(', ')}, which the hub does not serve; allowed: ${served.join(', ')}`,
    ),
  ];
};

const NO_RULES = { anonymous: false, maxBytes: 0, headers: [] };
