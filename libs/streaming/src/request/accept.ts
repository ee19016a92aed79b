/**
 * Whether an `Accept` header names this exact media type, with a weight above 0 (RFC 9110 §12.5.1). Ranges
 * such as `*` `/` `*` do not count.
 */
export function namesMediaType(accept: string | undefined, type: string): boolean {
  if (accept === undefined) return false;
  return accept.split(',').some((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return name === type && !parameters.some((parameter) => /^q\s*=\s*0(?:\.0*)?$/.test(parameter));
  });
}
