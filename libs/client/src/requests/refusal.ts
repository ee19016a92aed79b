import { HubError } from '../hub-error.js';

/** The error of a response other than 2xx: Nest's JSON, or the status text. */
export async function refusalOf(response: Response): Promise<HubError> {
  let reason = response.statusText || 'refused';
  try {
    const { message } = (await response.json()) as { message?: string | string[] };
    if (message !== undefined) reason = [message].flat().join('; ');
  } catch {
    // Not JSON, for example a proxy's error page.
  }
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const retryAfterMs = seconds >= 0 ? seconds * 1000 : undefined;
  return new HubError('refused', reason, response.status, retryAfterMs);
}
