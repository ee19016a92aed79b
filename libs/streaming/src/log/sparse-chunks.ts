import type { LogEntry } from './log-entry.js';

/** Below this used share of a chunk, its entries are copied out of it. */
const WORTH_KEEPING = 1 / 4;

/**
 * Keeps the window's real memory close to its counted size. A payload is a view of a socket read of up to
 * 64 KiB. If the prefix is not a NATS filter, or other tails share the connection, a single message would
 * keep the whole chunk in memory (8 000 messages of 200 bytes: 235 MB). Entries that use most of their
 * chunk stay views, because copying costs time.
 */
export class SparseChunks {
  private chunk: ArrayBufferLike | undefined;
  private entries: LogEntry[] = [];
  private kept = 0;

  /** Adds the next entry of the window. Its chunk is checked when the next chunk starts. */
  add(entry: LogEntry): void {
    const { buffer } = entry.message.data;
    if (buffer !== this.chunk) this.begin(buffer);
    this.kept += entry.size;
    if (this.isSparse) this.entries.push(entry);
    else this.entries = [];
  }

  private get isSparse(): boolean {
    return this.kept < (this.chunk?.byteLength ?? 0) * WORTH_KEEPING;
  }

  private begin(buffer: ArrayBufferLike): void {
    for (const entry of this.entries) entry.detach();
    this.entries = [];
    this.chunk = buffer;
    this.kept = 0;
  }
}
