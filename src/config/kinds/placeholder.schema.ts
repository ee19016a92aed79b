/**
 * A text with a placeholder: its value is known only at start, so an editor lets it pass. So does it an
 * empty one, which takes a shared setting away.
 */
export const PLACEHOLDER_PATTERN = '^$|\\$\\{';

/** A schema's pattern, widened by placeholders and the empty text. */
export function patternOrPlaceholder(pattern: string): string {
  return `(${pattern})|${PLACEHOLDER_PATTERN}`;
}
