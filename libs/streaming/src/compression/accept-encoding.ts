const NAMES = new Set(['gzip', 'x-gzip']);
const QUALITY = /^\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i;

/**
 * Whether a client accepts gzip and does not prefer the uncompressed answer (RFC 9110 §12.5.3). `gzip` wins
 * over `*`; an invalid weight counts as 0. Without the header the answer is no, because many simple clients
 * send none and cannot decode.
 */
export function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined) return false;
  let gzip: number | undefined;
  let any: number | undefined;
  let identity = 0;
  for (const item of header.split(',')) {
    const [coding = '', ...parameters] = item.split(';');
    const name = coding.trim().toLowerCase();
    const weight = weightOf(parameters);
    if (NAMES.has(name)) gzip = Math.max(gzip ?? 0, weight);
    else if (name === '*') any = weight;
    else if (name === 'identity') identity = weight;
  }
  const quality = gzip ?? any ?? 0;
  return quality > 0 && quality >= identity;
}

function weightOf(parameters: readonly string[]): number {
  if (parameters.length === 0) return 1;
  const found = parameters
    .map((each) => QUALITY.exec(each)?.[1])
    .find((each) => each !== undefined);
  return found === undefined ? 0 : Number(found);
}
