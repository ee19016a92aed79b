/** The path of a request target; the absolute form (`POST http://host/path`) loses its host. */
export function pathOf(target: string): string {
  const [pathname = ''] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1);
  return pathname;
}

/** The same without the application's global prefix, for code that runs before Nest's router. */
export function localPathOf(target: string, globalPrefix: string): string {
  const path = pathOf(target);
  const prefix = globalPrefix.replace(/^\/+|\/+$/g, '');
  return prefix !== '' && path.startsWith(`/${prefix}/`) ? path.slice(prefix.length + 1) : path;
}
