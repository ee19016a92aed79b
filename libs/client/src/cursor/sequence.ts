/**
 * The stream sequence of an id, `N` or `N-<unix ns>` (contract §2). Up to 2^64-3, so a bigint.
 * Undefined for text that is no id, such as the empty one of a stream that starts with last values.
 */
export function sequenceOf(id: string | undefined): bigint | undefined {
  const digits = /^(\d{1,20})(-\d+)?$/.exec(id ?? '')?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

/** The id that comes first in the stream; undefined only where both are. */
export function earlier(a: string | undefined, b: string | undefined): string | undefined {
  const [first, second] = [sequenceOf(a), sequenceOf(b)];
  if (first === undefined || second === undefined) return first === undefined ? b : a;
  return second < first ? b : a;
}
