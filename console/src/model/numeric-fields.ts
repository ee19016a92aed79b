/** The field name of a payload that is itself a number. */
export const WHOLE_PAYLOAD = '(payload)';

const MAX_FIELDS = 64;
const DEEPEST = 6;

/** Paths of the numbers in a payload, for example `delayMs.p99`. */
export function numericFields(payload: unknown): string[] {
  if (isFigure(payload)) return [WHOLE_PAYLOAD];
  const found: string[] = [];
  collect(payload, [], found);
  return found;
}

/** The number at a path; undefined if there is none. */
export function numberAt(payload: unknown, path: string): number | undefined {
  if (path === WHOLE_PAYLOAD) return isFigure(payload) ? payload : undefined;
  let value = payload;
  for (const name of splitPath(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return isFigure(value) ? value : undefined;
}

function collect(value: unknown, path: readonly string[], found: string[]): void {
  if (isFigure(value) && path.length > 0) found.push(joinPath(path));
  if (typeof value !== 'object' || value === null || path.length >= DEEPEST) return;
  for (const name in value) {
    if (found.length >= MAX_FIELDS) return;
    collect((value as Readonly<Record<string, unknown>>)[name], [...path, name], found);
  }
}

function isFigure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Names may contain dots. */
function joinPath(path: readonly string[]): string {
  return path.map((name) => name.replace(/[.\\]/g, '\\$&')).join('.');
}

function splitPath(path: string): string[] {
  const names = path.match(/(?:[^.\\]|\\.)+/gs) ?? [];
  return names.map((name) => name.replace(/\\([.\\])/g, '$1'));
}
