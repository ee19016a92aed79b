/**
 * The one route behind all hubs. {@link HubMiddleware} finds the hub and rewrites `req.url` to this path.
 *
 * A controller for each hub is not possible: Nest reads the controllers of a module while it scans the
 * modules, before the factory of `forRootAsync` (a ConfigService, a database) tells the hubs' paths.
 *
 * Node decodes request targets as latin1, so no request from
 * outside can hold an arrow (U+2192): the route cannot be asked for, however it is spelled.
 */
export const STREAM_ROUTE = '/nuts→stream';

/** Whether the middleware of another library has sent a request to its own such route already. */
export function isInternalRoute(pathname: string): boolean {
  return pathname.startsWith('/nuts→');
}

/** The path of a request target and its query, the question mark included. */
export interface RequestTarget {
  readonly pathname: string;
  readonly search: string;
}

/** Splits a request target as sent; the absolute form (`GET http://host/path`) loses its host. */
export function splitTarget(target: string): RequestTarget {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = local.indexOf('?');
  const pathname = mark < 0 ? local : local.slice(0, mark);
  return { pathname: pathname === '' ? '/' : pathname, search: mark < 0 ? '' : local.slice(mark) };
}
