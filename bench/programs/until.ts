const EVERY_MS = 50;

/** Waits until a condition is met; throws an error that names it after 30 s. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  details: () => string = () => '',
  timeoutMs = 30_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what} was not ready in time\n${details()}`);
    await pause(EVERY_MS);
  }
}

/** Waits for the duration of a measurement, never for a state. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
