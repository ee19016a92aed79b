import { Hub } from './hub/hub.js';
import type { ConnectOptions } from './hub/hub-options.interface.js';

/**
 * Creates a hub for a URL, which may be relative in a page. The connection opens with the first
 * subscription and closes after the last.
 *
 * @throws TypeError for an invalid URL.
 */
export function connect(url: string | URL, options: ConnectOptions = {}): Hub {
  return new Hub(url, options);
}
