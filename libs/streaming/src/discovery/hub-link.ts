import type { HubOptions } from '../hub/hub-options.interface.js';

/** The header value for a hub: its public URL, or its path on this host. */
export function hubLink(hub: Pick<HubOptions, 'hubUrl' | 'path'>, globalPrefix = ''): string {
  return `<${hub.hubUrl ?? localAddress(hub.path, globalPrefix)}>; rel="nuts"`;
}

/** A global prefix applies to hubs as to any route. Nest accepts it with or without slashes. */
function localAddress(path: string, globalPrefix: string): string {
  const prefix = globalPrefix.replace(/^\/+|\/+$/g, '');
  return encodeURI(prefix === '' ? path : `/${prefix}${path}`);
}
