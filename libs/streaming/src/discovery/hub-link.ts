import type { HubOptions } from '../hub/hub-options.interface.js';

/** The value of the header that names a hub: its public address, or its path on this host. */
export function hubLink(hub: Pick<HubOptions, 'hubUrl' | 'path'>, globalPrefix = ''): string {
  return `<${hub.hubUrl ?? localAddress(hub.path, globalPrefix)}>; rel="nuts"`;
}

/** A global prefix applies to hubs as to any route; Nest takes it with or without slashes. */
function localAddress(path: string, globalPrefix: string): string {
  const prefix = globalPrefix.replace(/^\/+|\/+$/g, '');
  return encodeURI(prefix === '' ? path : `/${prefix}${path}`);
}
