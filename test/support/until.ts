import { setTimeout as pause } from 'node:timers/promises';

/** How long a condition may take, and how an error names it. */
export interface UntilOptions {
  /** Default 10 000 ms. */
  readonly timeoutMs?: number;
  /** Completes the sentence «timed out waiting for …»; a function is called on timeout. */
  readonly what?: string | (() => string);
  /** Polling interval. Default 10 ms. */
  readonly everyMs?: number;
}

/** The condition was not met in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Waits until `condition` returns something truthy and resolves to it. A condition that throws counts
 * as not yet true; its last error becomes the cause of the {@link DeadlineError}.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const { timeoutMs = 10_000, what = 'a condition', everyMs = 10 } = options;
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value as Exclude<T, false | null | undefined>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) {
      const name = typeof what === 'function' ? what() : what;
      throw new DeadlineError(`timed out after ${timeoutMs} ms waiting for ${name}`, { cause });
    }
    await pause(everyMs);
  }
}
