/** Maximum size of a key set in bytes. */
const MAX_BODY_BYTES = 512 * 1024;

/**
 * Fetches JSON with a time limit and a size limit. Follows no redirects, because their target is not the
 * configured provider.
 */
export async function boundedFetch(
  url: URL,
  timeoutMs: number,
  closed: AbortSignal,
): Promise<unknown> {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { 'User-Agent': 'nuts', Accept: 'application/json, application/jwk-set+json' },
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), closed]),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the response has status ${response.status}, expected 200`);
  }
  return JSON.parse(await readBounded(response)) as unknown;
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    // Leaving the loop cancels the body.
    if (bytes > MAX_BODY_BYTES) throw new Error(`the response exceeds ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
