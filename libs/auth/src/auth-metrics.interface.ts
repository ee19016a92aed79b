import type { AccessAction } from './requested-access.interface.js';

/** Why a request was refused; a subset of `nuts_connections_rejected_total{reason}` (contract §8). */
export type AuthRejectionReason =
  'auth_missing_token' | 'auth_invalid_token' | 'auth_topic_forbidden';

/** Counts the guard's refusals. Nothing is counted unless the application binds `AUTH_METRICS`. */
export interface AuthMetrics {
  /**
   * Called once per refused request. `hub` is the hub's name, or the service's for the action `request`.
   * `nuts_connections_rejected_total` counts only the action `subscribe`.
   */
  rejected(reason: AuthRejectionReason, hub: string, action: AccessAction): void;
}

export const AUTH_METRICS = Symbol('AuthMetrics');

/** The default, which counts nothing. */
export const noopAuthMetrics: AuthMetrics = { rejected: () => undefined };
