export type * from './access-options.interface.js';
export * from './auth-metrics.interface.js';
export * from './auth-options.js';
export * from './auth.errors.js';
export { type AuthModuleExtras } from './auth.module-definition.js';
export * from './auth.module.js';
export * from './bearer-or-cookie.token-source.js';
export {
  ClaimTopicPolicy,
  MAX_FILTERS,
  /** @deprecated Use {@link ClaimTopicPolicy}. */
  ClaimTopicPolicy as SubscribeClaimTopicPolicy,
} from './claim.topic-policy.js';
export { loggedList, loggedText } from './logged-list.js';
export { canonicalAddress } from './client-address.js';
export { corsHeaders, type CorsOptions, type HeaderRecord } from './cors-headers.js';
export * from './jwt.token-verifier.js';
export * from './nuts-auth.guard.js';
export * from './request-subscription.js';
export type * from './requested-access.interface.js';
export type * from './requested-subscription.interface.js';
export * from './rights-end.js';
export * from './subscription.decorator.js';
export type { VerifiedToken } from './token-claims.js';
export * from './token-source.interface.js';
export * from './token-verifier.interface.js';
export * from './topic-filter.js';
export * from './topic-policy.interface.js';
