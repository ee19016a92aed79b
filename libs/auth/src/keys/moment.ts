/** A moment by both clocks of the process, in ms. */
export interface Moment {
  readonly wall: number;
  readonly steady: number;
}

/** Before everything. */
export const NEVER: Moment = { wall: -Infinity, steady: -Infinity };

export function presentMoment(): Moment {
  return { wall: Date.now(), steady: performance.now() };
}

/**
 * How much later a moment is than another, in ms: the larger of both answers. The system's clock may be set
 * back meanwhile, and the steady one stands still while the machine sleeps.
 */
export function msBetween(earlier: Moment, later: Moment): number {
  return Math.max(later.wall - earlier.wall, later.steady - earlier.steady);
}
