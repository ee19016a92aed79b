import type { Moment, MomentKind } from './timeline.js';

/** A period in which the connection was open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const ENDS: ReadonlySet<MomentKind> = new Set(['waiting', 'refused', 'cut', 'reset']);
const BEGINS: ReadonlySet<MomentKind> = new Set(['connected']);

/** The periods in which the connection was open, in order; the last one may be ongoing. */
export function connectedSpans(moments: readonly Moment[], now: number): Span[] {
  const spans: Span[] = [];
  let from: number | undefined;
  for (const { kind, at } of moments) {
    if (BEGINS.has(kind)) from ??= at;
    if (!ENDS.has(kind) || from === undefined) continue;
    spans.push({ from, to: at });
    from = undefined;
  }
  if (from !== undefined) spans.push({ from, to: now });
  return spans;
}
