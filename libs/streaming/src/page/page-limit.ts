import type { RequestedSubscription } from '@nuts/auth';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const DEFAULT_VALUES = 1_000;
const MAX_VALUES = 10_000;

/** Whether the page contains the newest message of each subject: a cursor wins over `start`. */
export function isStateOf({ cursor, start }: RequestedSubscription): boolean {
  return cursor === undefined && start?.from === 'last';
}

/** The maximum of `limit` (contract §9). */
export function highestPageLimit(subscription: RequestedSubscription): number {
  return isStateOf(subscription) ? MAX_VALUES : MAX_LIMIT;
}

/**
 * Parses `limit` (contract §9), the maximum number of messages of a page.
 *
 * @returns undefined if it is invalid
 */
export function parsePageLimit(
  text: string | null,
  subscription: RequestedSubscription,
): number | undefined {
  if (text === null || text === '') {
    return isStateOf(subscription) ? DEFAULT_VALUES : DEFAULT_LIMIT;
  }
  if (!/^[1-9]\d{0,4}$/.test(text)) return undefined;
  const limit = Number(text);
  return limit <= highestPageLimit(subscription) ? limit : undefined;
}
