/** A text with a placeholder: its value is known only at start, so an editor lets it pass. */
export const PLACEHOLDER_PATTERN = '\\$\\{';

/** A schema's pattern, widened by placeholders. */
export function patternOrPlaceholder(pattern: string): string {
  return `(${pattern})|${PLACEHOLDER_PATTERN}`;
}
