import type { HubReading } from '../hub-reading.js';
import type { HubRule } from './rule.interface.js';

/** The ways to verify tokens; at most one may be set. */
export const KEYS = [
  'subscriber_jwt_key',
  'subscriber_jwt_public_key',
  'subscriber_jwks_url',
] as const;
const NEED_A_KEY = [
  'subscriber_jwt_issuer',
  'subscriber_jwt_audience',
  'subscriber_jwt_cookie',
] as const;

/** Whether tokens are verified. */
export function hasTokenKey(hub: HubReading): boolean {
  return KEYS.some((key) => hub.given(key));
}

/** With two kinds of keys, a token could choose how it is verified. */
export const oneTokenKey: HubRule = (hub) => {
  const given = KEYS.filter((key) => hub.given(key));
  const [, second] = given;
  if (second === undefined) return [];
  const names = given.map((key) => hub.nameOf(key)).join(', ');
  return [hub.issue(second, `cannot be combined with another token key (${names}): keep one`)];
};

/** Without a key the hub is open to everyone, which contradicts a required issuer or audience. */
export const claimsNeedAKey: HubRule = (hub) =>
  hasTokenKey(hub)
    ? []
    : NEED_A_KEY.filter((name) => hub.given(name)).map((name) =>
        hub.issue(
          name,
          `has no effect without a key, and the hub would be open: set one of ${KEYS.map((key) => hub.nameOf(key)).join(', ')}`,
        ),
      );
