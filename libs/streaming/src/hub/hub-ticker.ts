import type { Observable } from 'rxjs';
import { ticker } from '../session/ticker.js';
import type { HubOptions } from './hub-options.interface.js';

/** Bounds of a hub's tick, in ms. Within them, a tick is at most a quarter of the heartbeat. */
const MIN_TICK_MS = 50;
const MAX_TICK_MS = 1000;

/** Drives the heartbeats and ages of a hub's sessions. */
export function tickerOf({ heartbeatMs, maxConnectionAgeMs }: HubOptions): Observable<unknown> {
  // One tick of delay is small compared with the ±10 % of a connection's maximum age.
  const wanted = Math.min(heartbeatMs / 4, (maxConnectionAgeMs ?? Infinity) / 40);
  return ticker(clamp(wanted, MIN_TICK_MS, MAX_TICK_MS));
}

/** Limits a value to a range. */
export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
