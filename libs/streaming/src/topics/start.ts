import type { RequestedStart } from '@nuts/auth';
import { parseDuration } from './start-duration.js';
import { parseTime } from './start-time.js';

/** Maximum count of `last:N`. */
export const MAX_START_COUNT = 10_000;

const COUNT = /^last:([1-9]\d{0,4})$/;
/** Longer than any valid value, so that the parsers below need not handle longer texts. */
const MAX_LENGTH = 128;

/** Parses a value of `start` (contract §9); undefined if it is invalid. */
export function parseStart(text: string): RequestedStart | undefined {
  if (text === 'live' || text === 'all' || text === 'last') return { from: text };
  if (text.length > MAX_LENGTH) return undefined;
  const count = Number(COUNT.exec(text)?.[1] ?? 0);
  if (count > 0) return count <= MAX_START_COUNT ? { from: 'count', count } : undefined;
  const duration = parseDuration(text);
  if (duration !== undefined) return { from: 'duration', nanos: duration };
  const time = parseTime(text);
  return time === undefined ? undefined : { from: 'time', nanos: time };
}

/**
 * The earliest stored time that a start by duration or time includes, ns since 1970. Undefined for other
 * starts, and for a time in the future, which excludes all history.
 */
export function startMoment(start: RequestedStart, nowMs: number): bigint | undefined {
  const now = BigInt(Math.floor(nowMs)) * 1_000_000n;
  switch (start.from) {
    case 'duration':
      return atLeastZero(now - start.nanos);
    case 'time':
      return start.nanos > now ? undefined : atLeastZero(start.nanos);
    case 'live':
    case 'all':
    case 'last':
    case 'count':
      return undefined;
    default:
      return start satisfies never;
  }
}

function atLeastZero(nanos: bigint): bigint {
  return nanos < 0n ? 0n : nanos;
}
