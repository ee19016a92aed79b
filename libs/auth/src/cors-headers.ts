/** Allowed origins, headers and methods of cross-origin requests. */
export interface CorsOptions {
  /** Exact origins, or only `*` for all. `allowed_origins`; default `*`. */
  readonly origins: readonly string[];
  /**
   * Request headers allowed in preflight answers. `allowed_headers`; default `Cache-Control`,
   * `Last-Event-ID` and the headers of the enabled features.
   */
  readonly headers: readonly string[];
  /** `allowed_methods`; default all served methods. */
  readonly methods: readonly string[];
}

/** Headers by name, for `ServerResponse.setHeader`. */
export type HeaderRecord = Readonly<Record<string, string>>;

// One serialized origin: printable ASCII without characters that separate or quote header values. Node
// already rejects CR, LF and NUL; this prevents lists, latin1 characters and a literal star from being
// echoed.
const ONE_ORIGIN = /^[\x21\x23-\x26\x28\x29\x2b\x2d-\x3a\x3d\x3f-\x7e]+$/;

/**
 * The CORS headers for a request from `origin` (contract §6). An allowed origin is echoed, also for `*`.
 * Credentials are allowed only for origins listed by name, and never for `null`, which any sandboxed page
 * can send. Other origins get no headers, so the browser refuses the answer.
 */
export function corsHeaders(cors: CorsOptions, origin: string | undefined): HeaderRecord {
  if (origin === undefined || !ONE_ORIGIN.test(origin)) return {};
  const listed = cors.origins.includes(origin);
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
