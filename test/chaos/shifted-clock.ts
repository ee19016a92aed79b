import { INSPECTED, Inspector } from './inspector.js';
import type { Rig } from './rig.js';

/** Runs in the service before its own code. Monotonic time and timers are unchanged. */
const PRELOADED = `
const real = Date.now;
let offsetMs = 0;
globalThis.shiftClock = (ms) => (offsetMs += ms);
Date.now = () => real() + offsetMs;
globalThis.Date = class extends Date {
  constructor(...parts) {
    if (parts.length === 0) super(Date.now());
    else super(...parts);
  }
};`;

/** The wall clock of a service, which a test can set. Start the service with `CLOCKED`. */
export class ShiftedClock {
  private constructor(private readonly inspector: Inspector) {}

  static async of({ service }: Pick<Rig, 'service'>): Promise<ShiftedClock> {
    return new ShiftedClock(await Inspector.attach(service));
  }

  /** Sets the clock forward, or back. */
  async shift(hours: number): Promise<void> {
    await this.inspector.evaluate(`shiftClock(${hours * 3_600_000})`);
  }
}

/** For `nodeArguments`. */
export const CLOCKED = [
  ...INSPECTED,
  '--import',
  `data:text/javascript,${encodeURIComponent(PRELOADED)}`,
];
