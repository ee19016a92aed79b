import { setImmediate } from 'node:timers/promises';

/** Items per turn of the event loop: at a few µs each, a live message waits 1 ms for them. */
const ITEMS_A_TURN = 256;

/**
 * Calls a function for each item, spread over turns of the event loop, so that live messages do not wait
 * for the work on thousands of connections. The first turn is the caller's own.
 *
 * @param items a `Set` may change in the meantime: deleted items are skipped, added ones come last
 */
export async function inTurns<T>(items: Iterable<T>, each: (item: T) => void): Promise<void> {
  let left = ITEMS_A_TURN;
  for (const item of items) {
    if (left === 0) {
      await setImmediate();
      left = ITEMS_A_TURN;
    }
    left -= 1;
    each(item);
  }
}
