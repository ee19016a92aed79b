/** The animation frames of a page; Node and server rendering have none. */
interface FrameClock {
  requestAnimationFrame?(callback: () => void): number;
  cancelAnimationFrame?(handle: number): void;
}

/** Interval without animation frames. */
const FRAME_MS = 16;

/** Hidden tabs get no animation frames, but timers run. */
const HIDDEN_MS = 250;

/** Runs all added tasks together in the page's next frame, each once. */
export class FrameBatch {
  private readonly tasks = new Set<() => void>();
  private cancel: (() => void) | undefined;

  add(task: () => void): void {
    this.tasks.add(task);
    this.cancel ??= onNextFrame(() => this.run());
  }

  remove(task: () => void): void {
    this.tasks.delete(task);
    if (this.tasks.size > 0) return;
    this.cancel?.();
    this.cancel = undefined;
  }

  private run(): void {
    this.cancel = undefined;
    const tasks = [...this.tasks];
    this.tasks.clear();
    for (const task of tasks) task();
  }
}

/** Calls back once. Returns a function that cancels it. */
function onNextFrame(callback: () => void): () => void {
  const clock = globalThis as FrameClock;
  const handle = clock.requestAnimationFrame?.(() => {
    clearTimeout(timer);
    callback();
  });
  const cancelFrame = (): void => {
    if (handle !== undefined) clock.cancelAnimationFrame?.(handle);
  };
  const timer = setTimeout(
    () => {
      cancelFrame();
      callback();
    },
    handle === undefined ? FRAME_MS : HIDDEN_MS,
  );
  return () => {
    clearTimeout(timer);
    cancelFrame();
  };
}
