import type { LogEntry } from './log-entry.js';

/** A chunk of which less than this part is kept is not worth its memory. */
const WORTH_KEEPING = 1 / 4;

/**
 * Keeps the window's memory at what it counts. A payload is a view of what its socket read at once, up
 * to 64 KiB: where a prefix is no NATS filter, or other tails share the connection, one message of a
 * hundred would hold all of it (8 000 of 200 bytes: 235 MB). Entries that have most of a chunk to
 * themselves stay views, since copying each message is not free.
 */
export class SparseChunks {
  private chunk: ArrayBufferLike | undefined;
  private entries: LogEntry[] = [];
  private kept = 0;

  /** The next entry of the window; its chunk is judged when another one follows. */
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
