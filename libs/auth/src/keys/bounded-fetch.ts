import type { FetchImplementation } from 'jose';

/** Largest key set that is read, bytes. */
const MAX_BODY_BYTES = 512 * 1024;

/** A fetch that was not made: the last one began too short a time ago. */
export class FetchPostponedError extends Error {
  override readonly name = 'FetchPostponedError';
}

/**
 * Fetches at most once in `intervalMs`, whether it works or not. jose's own cooldown counts from the
 * last fetch that *worked*: without this, strangers would hammer a provider that is down.
 */
export function boundedFetch(intervalMs: number, closed: AbortSignal): FetchImplementation {
  let notBefore = 0;
  return async (url, init) => {
    const now = performance.now();
    if (now < notBefore) throw new FetchPostponedError();
    notBefore = now + intervalMs;
    const response = await fetch(url, { ...init, signal: AbortSignal.any([init.signal, closed]) });
    return new Response(await readBounded(response), { status: response.status });
  };
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    // Leaving the loop cancels the body.
    if (bytes > MAX_BODY_BYTES) throw new Error(`the answer exceeds ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
