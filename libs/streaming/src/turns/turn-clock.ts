/**
 * Returns a monotonic clock in ms that is read once and then stands still until the microtasks of this turn
 * of the event loop run. Reading the system's clock can take 100 ns, and a flush writes to thousands of
 * clients.
 */
export function turnClock(read = (): number => performance.now()): () => number {
  let now: number | undefined;
  const forget = (): void => {
    now = undefined;
  };
  return () => {
    if (now === undefined) {
      now = read();
      queueMicrotask(forget);
    }
    return now;
  };
}
