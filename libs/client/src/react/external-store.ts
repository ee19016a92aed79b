import type { FrameBatch } from './frame-batch.js';

/** What a store reads, while somebody listens to it. */
export interface StoreSource<Snapshot> {
  /** Begins, and calls `changed` for each change. Returns how to end. */
  open(changed: () => void): () => void;
  /** What it has now; the same object while nothing has changed. */
  read(): Snapshot;
}

/**
 * A source for `useSyncExternalStore`: open while it has listeners, and told of at most once a frame.
 * Opening and closing wait for the end of the tick, since StrictMode and a change of components remove
 * listeners and add them again at once.
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
