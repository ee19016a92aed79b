const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+\- ])(\d{2}):(\d{2}))$/;

const NANOS_PER_SECOND = 1_000_000_000n;

/**
 * Parses an RFC 3339 date and time, with any offset and up to 9 decimals, into ns since 1970 (negative
 * before). An unescaped `+` in a query arrives as a space and counts as `+`. A leap second counts as the
 * following second. Undefined if it is invalid.
 */
export function parseTime(text: string): bigint | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const offset = offsetMinutes(match[8], Number(match[9] ?? 0), Number(match[10] ?? 0));
  if (offset === undefined || hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  // `Date.UTC` interprets the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  date.setUTCHours(hour, minute - offset, second);
  if (second === 60 && date.getTime() % 86_400_000 !== 0) return undefined;
  const seconds = BigInt(date.getTime() / 1000);
  return seconds * NANOS_PER_SECOND + BigInt((match[7] ?? '').padEnd(9, '0'));
}

function offsetMinutes(
  sign: string | undefined,
  hours: number,
  minutes: number,
): number | undefined {
  if (hours > 23 || minutes > 59) return undefined;
  const total = hours * 60 + minutes;
  return sign === '-' ? -total : total;
}
