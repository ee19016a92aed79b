import type { Observable } from 'rxjs';
import { ticker } from '../session/ticker.js';
import type { HubOptions } from './hub-options.interface.js';

/** The ticker of a hub: a quarter of the heartbeat or less, within these bounds, in ms. */
const SHORTEST_TICK_MS = 50;
const LONGEST_TICK_MS = 1000;

/** What drives the heartbeats and the ages of a hub's sessions. */
export function tickerOf({ heartbeatMs, maxConnectionAgeMs }: HubOptions): Observable<unknown> {
  // A tick late is little beside the 10 % that an age is spread by.
  const wanted = Math.min(heartbeatMs / 4, (maxConnectionAgeMs ?? Infinity) / 40);
  return ticker(clamp(wanted, SHORTEST_TICK_MS, LONGEST_TICK_MS));
}

/** The value within its bounds. */
export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
