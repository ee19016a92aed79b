import type { StreamMessage } from '@nuts/nats';
import { firstHeader } from '../frames/message-headers.js';

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const PARTS = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g;

/**
 * The lifetime from a message's `Nats-TTL` header, in ms; the header has whole seconds or a Go duration.
 * Undefined without the header, for `never`, and for values that the server rejects.
 */
export function messageTtlMs(message: StreamMessage): number | undefined {
  const text = firstHeader(message, 'Nats-TTL');
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000 || undefined;
  if (text.replace(PARTS, '') !== '') return undefined;
  let total = 0;
  for (const [, count, unit = ''] of text.matchAll(PARTS)) {
    total += Number(count) * (UNIT_MS[unit] ?? 0);
  }
  return total > 0 ? total : undefined;
}

/** What a message's `Nats-Rollup` header replaces: earlier messages of its subject, or all messages. */
export function rollupOf(message: StreamMessage): 'sub' | 'all' | undefined {
  const value = firstHeader(message, 'Nats-Rollup');
  return value === 'sub' || value === 'all' ? value : undefined;
}
