/** Room for further chunks, in bytes: as much as came so far, but within these. */
const MIN_ROOM = 1024;
const MAX_ROOM = 64 * 1024;

/**
 * The chunks of a body, gathered into blocks. A client chooses the size of its chunks, and Node emits each
 * as a buffer of its own: kept as they come, chunks of one byte take 350 times their size. The first chunk
 * is kept without a copy, since most bodies have only one.
 */
export class BodyBuffer {
  private readonly blocks: Buffer[] = [];
  /** Used bytes of the last block. The others are full. */
  private used = 0;
  private bytes = 0;

  /** Bytes received so far. */
  get length(): number {
    return this.bytes;
  }

  append(chunk: Buffer): void {
    const last = this.blocks.at(-1);
    if (last === undefined) {
      this.blocks.push(chunk);
      this.used = chunk.length;
    } else {
      const copied = chunk.copy(last, this.used);
      this.used += copied;
      if (copied < chunk.length) this.open(chunk.subarray(copied));
    }
    this.bytes += chunk.length;
  }

  /** All bytes in one buffer. */
  whole(): Buffer {
    const [first] = this.blocks;
    if (first !== undefined && this.blocks.length === 1) return first;
    return Buffer.concat(this.blocks, this.bytes);
  }

  private open(rest: Buffer): void {
    const room = Math.min(Math.max(this.bytes, MIN_ROOM), MAX_ROOM);
    // Not from Node's shared pool: a small part of a pool's block would keep all of it.
    const block = Buffer.allocUnsafeSlow(Math.max(rest.length, room));
    this.used = rest.copy(block);
    this.blocks.push(block);
  }
}
