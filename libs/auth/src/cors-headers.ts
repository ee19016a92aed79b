/** Origins, headers and methods of cross-origin requests. */
export interface CorsOptions {
  /** Exact origins, or `*` alone for all. `allowed_origins`; default `*`. */
  readonly origins: readonly string[];
  /**
   * Request headers that preflight answers allow. `allowed_headers`; default `Cache-Control`,
   * `Last-Event-ID` and what the features in use need.
   */
  readonly headers: readonly string[];
  /** `allowed_methods`; default all that are served. */
  readonly methods: readonly string[];
}

/** Headers by name, as `ServerResponse.setHeader` takes them. */
export type HeaderRecord = Readonly<Record<string, string>>;

// One serialized origin: printable ASCII without what separates or quotes header values. Node has
// refused CR, LF and NUL already; this keeps lists, latin1 noise and a literal star from being echoed.
const ONE_ORIGIN = /^[\x21\x23-\x26\x28\x29\x2b\x2d-\x3a\x3d\x3f-\x7e]+$/;

/**
 * The CORS headers of an answer to a request from `origin` (contract §6). An allowed origin is
 * echoed, for `*` too; credentials only for origins listed by name, and never for `null`, which any
 * sandboxed page can be. An origin that is not allowed gets none of them: the browser refuses.
 */
export function corsHeaders(cors: CorsOptions, origin: string | undefined): HeaderRecord {
  if (origin === undefined || !ONE_ORIGIN.test(origin)) return {};
  const listed = cors.origins.includes(origin) && origin !== '*';
  if (!listed && !cors.origins.includes('*')) return {};
  const headers: Record<string, string> = {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': cors.methods.join(', '),
    'Access-Control-Allow-Headers': cors.headers.join(', '),
    'Access-Control-Expose-Headers': 'Link, Retry-After',
  };
  if (listed && origin !== 'null') headers['Access-Control-Allow-Credentials'] = 'true';
  return headers;
}
