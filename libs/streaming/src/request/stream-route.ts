/**
 * The single internal route of all hubs. {@link HubMiddleware} finds the hub and rewrites `req.url` to this
 * path.
 *
 * A controller per hub is not possible: Nest reads the controllers of a module while it scans modules,
 * before the factory of `forRootAsync` (a ConfigService, a database) returns the hubs' paths.
 *
 * Node decodes request targets as latin1, so an external request cannot contain an arrow (U+2192): the
 * route cannot be requested directly.
 */
export const STREAM_ROUTE = '/nuts→stream';

/** Whether another library's middleware has already routed the request to its own internal route. */
export function isInternalRoute(pathname: string): boolean {
  return pathname.startsWith('/nuts→');
}

/** The path and query of a request target; the query includes the question mark. */
export interface RequestTarget {
  readonly pathname: string;
  readonly search: string;
}

/** Splits a request target; the absolute form (`GET http://host/path`) loses its host. */
export function splitTarget(target: string): RequestTarget {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = local.indexOf('?');
  const pathname = mark < 0 ? local : local.slice(0, mark);
  return { pathname: pathname === '' ? '/' : pathname, search: mark < 0 ? '' : local.slice(mark) };
}
