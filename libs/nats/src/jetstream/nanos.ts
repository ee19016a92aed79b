const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** Parses an RFC 3339 time as ns since 1970, exactly. The server's zero time (year 1) and invalid text give 0n. */
export function nanosOf(text: string): bigint {
  const [, seconds, fraction = '', zone] = RFC3339.exec(text) ?? [];
  if (seconds === undefined || zone === undefined) return 0n;
  const ms = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(ms) || ms < -6e13) return 0n;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Converts milliseconds to whole nanoseconds for an API request. */
export function nanosFromMs(ms: number): number {
  return Math.round(ms) * 1_000_000;
}
