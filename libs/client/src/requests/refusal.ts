import { HubError } from '../hub-error.js';

/** The longest delay that is taken from a server: an hour. */
const LONGEST_RETRY_MS = 3_600_000;

/** What an answer other than 2xx says: Nest's JSON, or the status' own text. */
export async function refusalOf(response: Response): Promise<HubError> {
  let reason = response.statusText || 'refused';
  try {
    const { message } = (await response.json()) as { message?: string | string[] };
    if (message !== undefined) reason = [message].flat().join('; ');
  } catch {
    // Not JSON: a proxy's page.
  }
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const retryAfterMs = seconds >= 0 ? Math.min(seconds * 1000, LONGEST_RETRY_MS) : undefined;
  return new HubError('refused', reason, response.status, retryAfterMs);
}
