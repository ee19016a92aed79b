const NANOS_PER_SECOND = 1_000_000_000n;

/**
 * A stored time as RFC 3339 in UTC, with nanoseconds as stored and trailing zeros trimmed:
 * `2026-01-01T12:00:00.1234Z`, or without a fraction `2026-01-01T12:00:00Z` (contract §3).
 *
 * @param timeNanos - ns since 1970, not negative
 */
export function formatStoredTime(timeNanos: bigint): string {
  const seconds = Number(timeNanos / NANOS_PER_SECOND);
  const nanos = Number(timeNanos % NANOS_PER_SECOND);
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  if (nanos === 0) return `${whole}Z`;
  return `${whole}.${String(nanos).padStart(9, '0').replace(/0+$/, '')}Z`;
}
