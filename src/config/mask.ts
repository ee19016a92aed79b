import type { RawValue, Setting } from './setting.interface.js';

const MASK = '***';
const LONGEST = 120;

/**
 * Hides credentials in addresses. All between the first `//` (or the beginning) and the last `@`
 * goes: a password may hold slashes, commas and at-signs of its own.
 */
export function maskAddress(text: string): string {
  const at = text.lastIndexOf('@');
  if (at < 0) return text;
  const start = text.indexOf('//');
  const from = start < 0 || start > at ? 0 : start + 2;
  return `${text.slice(0, from)}${MASK}${text.slice(at)}`;
}

/** A value as a mistake may show it: quoted, cut short, without secrets. */
export function shown(definition: Setting<unknown>, raw: RawValue): string {
  if (definition.secret) return MASK;
  const text = typeof raw === 'string' ? raw : raw.join(', ');
  const masked = maskAddress(text).replace(/\?.*/s, (query) => (query === '?' ? '?' : `?${MASK}`));
  return JSON.stringify(masked.length > LONGEST ? `${masked.slice(0, LONGEST)}…` : masked);
}
