import type { HubReading } from '../hub-reading.js';
import type { HubRule } from './rule.interface.js';

/** Each of them is a way to verify tokens. */
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

/** Two kinds of keys at once would let a token choose how it is checked. */
export const oneTokenKey: HubRule = (hub) => {
  const given = KEYS.filter((key) => hub.given(key));
  const [, second] = given;
  if (second === undefined) return [];
  const names = given.map((key) => hub.nameOf(key)).join(', ');
  return [hub.mistake(second, `is one kind of token key too many (${names}): keep one`)];
};

/** Without a key the hub is open to everybody: whoever names an audience did not mean that. */
export const claimsNeedAKey: HubRule = (hub) =>
  hasTokenKey(hub)
    ? []
    : NEED_A_KEY.filter((name) => hub.given(name)).map((name) =>
        hub.mistake(
          name,
          `has no effect without a key, and the hub would be open: set one of ${KEYS.map((key) => hub.nameOf(key)).join(', ')}`,
        ),
      );
