import type { FrameBatch } from './frame-batch.js';

/** The data source of a store. */
export interface StoreSource<Snapshot> {
  /** Starts, and calls `changed` for each change. Returns a function that ends it. */
  open(changed: () => void): () => void;
  /** The current snapshot; the same object while nothing has changed. */
  read(): Snapshot;
}

/**
 * Adapts a source for `useSyncExternalStore`: open while it has listeners, and notified at most once per
 * frame. Opening and closing wait until the end of the tick, because StrictMode and component changes
 * remove listeners and add them again immediately.
 */
export class ExternalStore<Snapshot> {
  private readonly listeners = new Set<() => void>();
  private snapshot: Snapshot;
  private close: (() => void) | undefined;
  private isScheduled = false;

  constructor(
    private readonly source: StoreSource<Snapshot>,
    private readonly frames: FrameBatch,
  ) {
    this.snapshot = source.read();
  }

  readonly read = (): Snapshot => this.snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    const own = (): void => listener();
    this.listeners.add(own);
    this.schedule();
    return () => {
      this.listeners.delete(own);
      this.schedule();
    };
  };

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    queueMicrotask(() => {
      this.isScheduled = false;
      if (this.listeners.size > 0) this.close ??= this.source.open(this.changed);
      else {
        this.close?.();
        this.close = undefined;
        this.frames.remove(this.flush);
      }
    });
  }

  private readonly changed = (): void => this.frames.add(this.flush);

  private readonly flush = (): void => {
    const next = this.source.read();
    if (next === this.snapshot) return;
    this.snapshot = next;
    for (const listener of [...this.listeners]) listener();
  };
}
