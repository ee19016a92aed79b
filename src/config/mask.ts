import { maskUrl } from '@nuts/nats';
import type { RawValue, Setting } from './setting.interface.js';

const MASK = '***';
const MAX_LENGTH = 120;

/** A value for error messages: quoted, truncated, with secrets masked. */
export function shown(definition: Setting<unknown>, raw: RawValue): string {
  if (definition.secret) return MASK;
  const text = typeof raw === 'string' ? raw : raw.join(', ');
  const masked = maskUrl(text).replace(/\?.*/s, (query) => (query === '?' ? '?' : `?${MASK}`));
  return JSON.stringify(masked.length > MAX_LENGTH ? `${masked.slice(0, MAX_LENGTH)}…` : masked);
}
