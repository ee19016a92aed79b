import type { BodySink } from './body-sink.interface.js';

const LF = 10;
const ID_TAIL = 64;

/**
 * Finds the newest id of a body without a look at each frame: for the clients that only make the
 * crowd. Their bytes are compared with those of the clients that check every frame.
 */
export class NewestId implements BodySink {
  private readonly tail = Buffer.alloc(ID_TAIL);
  private tailLength = 0;

  /** @param newest called with the newest ID whenever a read ends with a complete frame */
  constructor(private readonly newest: (id: number) => void) {}

  body(bytes: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length >= ID_TAIL) {
      bytes.copy(this.tail, 0, end - ID_TAIL, end);
      this.tailLength = ID_TAIL;
    } else {
      const kept = Math.min(this.tailLength, ID_TAIL - length);
      this.tail.copyWithin(0, this.tailLength - kept, this.tailLength);
      bytes.copy(this.tail, kept, start, end);
      this.tailLength = kept + length;
    }
    if (!this.readTail()) this.searchBack(bytes, start, end);
  }

  /** Reads `id: N` and an empty line backwards; false if the text ends with another line. */
  private readTail(): boolean {
    const { tail } = this;
    let at = this.tailLength - 1;
    if (tail[at] !== LF || tail[at - 1] !== LF) return true;
    at -= 2;
    let id = 0;
    for (let place = 1; at >= 0; at--, place *= 10) {
      const byte = tail[at] ?? 0;
      const digit = byte - 48;
      if (digit >= 0 && digit <= 9) id += digit * place;
      // What was read so far was the time of a `sequence_time` id.
      else if (byte === 45) [id, place] = [0, 0.1];
      else break;
    }
    if (tail[at] === 32) at--;
    if (tail[at] !== 58 || tail[at - 1] !== 100 || tail[at - 2] !== 105) return false;
    this.newest(id);
    return true;
  }

  /** Servers that write the id before the data, as Nest does. */
  private searchBack(bytes: Buffer, start: number, end: number): void {
    const key = bytes.lastIndexOf('id: ', end - 1);
    if (key < start || (key > start && bytes[key - 1] !== LF)) return;
    this.newest(Number.parseInt(bytes.toString('latin1', key + 4, Math.min(key + 24, end)), 10));
  }
}
