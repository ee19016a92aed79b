import { visibleText } from './visible-text.js';

/** Names that need no quotes. */
const PLAIN = /^[\w$-]{1,40}$/;

/**
 * A one-line excerpt of a value, similar to JSON. Its cost depends on the limit, not on the value: a
 * payload may be megabytes large or deeply nested.
 */
export function preview(value: unknown, limit = 160): string {
  const parts: string[] = [];
  let left = limit;
  const put = (text: string): void => {
    const cut = text.length > left ? text.slice(0, left) : text;
    parts.push(cut);
    left -= cut.length;
  };
  const write = (each: unknown): void => {
    if (typeof each === 'string') return put(JSON.stringify(each.slice(0, left + 1)));
    if (typeof each !== 'object' || each === null) return put(String(each));
    const isList = Array.isArray(each);
    put(isList ? '[' : '{');
    let first = true;
    for (const key in each) {
      if (left <= 0) return;
      if (!first) put(', ');
      first = false;
      if (!isList) put(`${PLAIN.test(key) ? key : JSON.stringify(key.slice(0, left + 1))}: `);
      if (left <= 0) return;
      write((each as Readonly<Record<string, unknown>>)[key]);
    }
    put(isList ? ']' : '}');
  };
  if (typeof value === 'string') put(value.replaceAll('\n', '⏎'));
  else write(value);
  return visibleText(parts.join('')) + (left <= 0 ? '…' : '');
}
