import { servedMethods } from '@nuts/streaming';
import type { HubRule } from './rule.interface.js';
import { hasTokenKey, KEYS } from './access.rules.js';

/** Without a key everyone may publish, which must be confirmed explicitly. */
export const publishNeedsAKey: HubRule = (hub) => {
  const { publish, publish_anonymous: anonymous } = hub.values;
  if (!publish || anonymous || hasTokenKey(hub)) return [];
  const keys = KEYS.map((key) => hub.nameOf(key)).join(', ');
  return [
    hub.issue(
      'publish',
      `would allow everyone to publish, because the hub has no token key: set one of ${keys}, or ${hub.nameOf('publish_anonymous')} to true`,
    ),
  ];
};

/** A preflight answer must not list methods that are then refused. */
export const methodsAreServed: HubRule = (hub) => {
  const { publish, kv_bucket: kvBucket } = hub.values;
  const served = servedMethods({ kvBucket, ...(publish && { publish: NO_RULES }) });
  const others = hub.values.allowed_methods?.filter((method) => !served.includes(method)) ?? [];
  if (others.length === 0) return [];
  return [
    hub.issue(
      'allowed_methods',
      `contains ${others.join(', ')}, which the hub does not serve; allowed: ${served.join(', ')}`,
    ),
  ];
};

const NO_RULES = { anonymous: false, maxBytes: 0, headers: [] };
