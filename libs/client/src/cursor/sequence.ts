/**
 * The stream sequence of an ID, `N` or `N-<unix ns>` (contract §2). A bigint, because it can be up to
 * 2^64−3. Undefined if the text is not an ID, such as the empty one of a stream that starts with last
 * values.
 */
export function sequenceOf(id: string | undefined): bigint | undefined {
  const digits = /^(\d{1,20})(-\d+)?$/.exec(id ?? '')?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

/** The ID that comes first in the stream; undefined only if both are. */
export function earlier(a: string | undefined, b: string | undefined): string | undefined {
  const [first, second] = [sequenceOf(a), sequenceOf(b)];
  if (first === undefined || second === undefined) return first === undefined ? b : a;
  return second < first ? b : a;
}
