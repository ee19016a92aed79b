import { Hub } from './hub/hub.js';
import type { ConnectOptions } from './hub/hub-options.interface.js';

/**
 * A hub at an address, which may be relative in a page. The connection is made by the first
 * subscription, and lasts while there is one.
 *
 * @throws TypeError for an address that is not a URL.
 */
export function connect(url: string | URL, options: ConnectOptions = {}): Hub {
  return new Hub(url, options);
}
