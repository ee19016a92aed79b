import { visibleText } from './visible-text.js';

/** Formats payload text if it is JSON; numbers and keys stay as sent. */
export function pretty(text: string): string {
  return visibleText(/^\s*[[{]/.test(text) ? indent(text) : text);
}

/** `JSON.parse` would change numbers, and `JSON.stringify` overflows the stack on deep values. */
function indent(text: string): string {
  const parts: string[] = [];
  let depth = 0;
  // Deeper levels would consist mostly of indentation.
  const line = (): void => void parts.push('\n', '  '.repeat(Math.min(depth, 20)));
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+|"/g);
  let opened = false;
  for (const [token] of tokens) {
    const closes = token === ']' || token === '}';
    if (closes) {
      depth = Math.max(0, depth - 1);
      if (!opened) line();
    } else if (opened) line();
    opened = token === '[' || token === '{';
    parts.push(token === ':' ? ': ' : token);
    if (opened) depth += 1;
    else if (token === ',') line();
  }
  return parts.join('');
}
