/**
 * A text with a placeholder: its value is known only at startup, so editors must accept it. They must also
 * accept an empty text, which removes a shared setting.
 */
export const PLACEHOLDER_PATTERN = '^$|\\$\\{';

/** Extends a schema's pattern by placeholders and the empty text. */
export function patternOrPlaceholder(pattern: string): string {
  return `(${pattern})|${PLACEHOLDER_PATTERN}`;
}
