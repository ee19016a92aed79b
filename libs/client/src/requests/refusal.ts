import { HubError } from '../hub-error.js';

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
  const retryAfterMs = seconds >= 0 ? seconds * 1000 : undefined;
  return new HubError('refused', reason, response.status, retryAfterMs);
}
