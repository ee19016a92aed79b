import { OldestKey } from '../bounded/oldest-key.js';
import type { DroppedMessage } from '../hub/drop-report.js';

/** Maximum number of remembered drops, so that a message is counted once and not once per reader. */
const REMEMBERED_DROPS = 8192;

/** The messages of one format that are not delivered, each reported once. */
export class DroppedMessages {
  private readonly counted = new Set<number>();
  private readonly oldest = new OldestKey(this.counted);
  private readonly listeners = new Set<(dropped: DroppedMessage) => void>();

  /** Returns a function that removes the listener. */
  listen(listener: (dropped: DroppedMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  count(dropped: DroppedMessage): void {
    const { sequence } = dropped;
    if (this.counted.has(sequence)) return;
    this.counted.add(sequence);
    if (this.counted.size > REMEMBERED_DROPS) {
      const oldest = this.oldest.take();
      if (oldest !== undefined) this.counted.delete(oldest);
    }
    for (const listener of this.listeners) listener(dropped);
  }

  /** Another stream has the sequences now. */
  clear(): void {
    this.counted.clear();
  }
}
