import type { ConsoleConfig } from './console-config.interface.js';

/**
 * Loads `config.json`, two folders above the script. If a proxy serves the service below another path, the
 * hubs are below it too.
 */
export async function loadConfig(script: string): Promise<ConsoleConfig> {
  const url = new URL('../config.json', script);
  const response = await fetch(url, { credentials: 'same-origin', cache: 'no-store' });
  if (!response.ok) throw new Error(`config.json was answered with ${response.status}`);
  const { path, hubs, services } = (await response.json()) as ConsoleConfig & { path: string };
  const own = `${path}/config.json`;
  const outside = url.pathname.endsWith(own) ? url.pathname.slice(0, -own.length) : '';
  return { hubs, services, address: (inside) => url.origin + outside + inside };
}
