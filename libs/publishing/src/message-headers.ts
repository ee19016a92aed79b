import { isUtf8 } from 'node:buffer';
import { isTraceParent } from '@nuts/streaming';
import type { DistinctHeaders } from './publish-conditions.js';

const PREFIX = 'nuts-header-';

/** Which request headers become message headers. */
export interface MessageHeaderRules {
  /** Names that `Nuts-Header-<Name>` may set, in the case in which they are stored. */
  readonly names: readonly string[];
  /** Whether a valid `traceparent` is passed on. */
  readonly traceContext: boolean;
}

/**
 * The NATS headers of a message (contract §10): `Nuts-Header-Kind: a` is stored as `Kind: a`, for allowed
 * names only; others are ignored. HTTP header names are case-insensitive, NATS ones are not: the case in
 * the rule is stored. Pure.
 */
export function messageHeaders(
  headers: DistinctHeaders,
  { names, traceContext }: MessageHeaderRules,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of names) {
    const [value] = headers[PREFIX + name.toLowerCase()] ?? [];
    if (value !== undefined) result[name] = textOf(value);
  }
  const [parent] = headers['traceparent'] ?? [];
  if (traceContext && parent !== undefined && isTraceParent(parent)) result['traceparent'] = parent;
  return result;
}

/** Node decodes header values as latin1; NATS expects UTF-8. */
function textOf(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}
