/** Digits per component: 10^10 weeks are older than any stream, and still cheap to compute. */
const DURATION =
  /^P(?=.)(?:(\d{1,10})W)?(?:(\d{1,10})D)?(?:T(?=.)(?:(\d{1,10})H)?(?:(\d{1,10})M)?(?:(\d{1,10})(?:[.,](\d{1,9}))?S)?)?$/;

const NANOS_PER_SECOND = 1_000_000_000n;
/** Seconds per week, day, hour, minute and second, in the pattern's order. */
const SECONDS = [604_800n, 86_400n, 3600n, 60n, 1n];

/**
 * Parses an ISO 8601 duration of weeks, days, hours, minutes and seconds (`PT5M`, `P1DT2H`, `PT0.5S`) into
 * ns. Years and months have no fixed length. Undefined if it is invalid.
 */
export function parseDuration(text: string): bigint | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const seconds = SECONDS.reduce(
    (sum, length, index) => sum + BigInt(match[index + 1] ?? '0') * length,
    0n,
  );
  return seconds * NANOS_PER_SECOND + BigInt((match[6] ?? '').padEnd(9, '0'));
}
