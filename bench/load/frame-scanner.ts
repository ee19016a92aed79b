import type { BodySink } from './body-sink.interface.js';

const LF = 10;
const TIME_KEY = '"time":"';
/** The end of an envelope, where the stored time is. */
const TAIL_BYTES = 48;

/** Receives each block of an event stream. */
export interface FrameObserver {
  /**
   * @param id the block's id; -1 without one
   * @param hasData false for comments and bare ids
   * @param storedMs Unix time from the envelope's `time`; NaN without one
   */
  frame(id: number, hasData: boolean, isConnected: boolean, storedMs: number): void;
}

/** Reads every block of an event stream, its ID and its stored time, for the checking clients. */
export class FrameScanner implements BodySink {
  private rest: Buffer = Buffer.alloc(0);
  private readonly clock = new StoredClock();

  constructor(private readonly observer: FrameObserver) {}

  body(bytes: Buffer, start: number, end: number): void {
    if (this.rest.length === 0) {
      this.keep(bytes, this.scan(bytes, start, end), end);
      return;
    }
    const joined = Buffer.concat([this.rest, bytes.subarray(start, end)]);
    this.keep(joined, this.scan(joined, 0, joined.length), joined.length);
  }

  private keep(bytes: Buffer, from: number, end: number): void {
    // A copy, because the read's buffer is reused.
    this.rest = from === end ? Buffer.alloc(0) : Buffer.from(bytes.subarray(from, end));
  }

  /** Returns the offset of the first incomplete block. */
  private scan(bytes: Buffer, start: number, end: number): number {
    let blockStart = start;
    let line = start;
    let id = -1;
    let dataStart = -1;
    let dataEnd = -1;
    let isConnected = false;
    for (;;) {
      const lineEnd = bytes.indexOf(LF, line);
      if (lineEnd < 0 || lineEnd >= end) return blockStart;
      if (lineEnd === line) {
        // An empty line alone is not a block: Nest opens a stream with one.
        if (line > blockStart) {
          const stored = dataStart < 0 ? NaN : this.clock.read(bytes, dataStart, dataEnd);
          this.observer.frame(id, dataStart >= 0, isConnected, stored);
        }
        blockStart = lineEnd + 1;
        id = dataStart = dataEnd = -1;
        isConnected = false;
      } else {
        const first = bytes[line];
        if (first === 0x64) {
          if (dataStart < 0) dataStart = line;
          dataEnd = lineEnd;
        } else if (first === 0x69) id = readId(bytes, line, lineEnd);
        else if (first === 0x65) {
          isConnected = bytes.toString('latin1', line, lineEnd).endsWith('connected');
        }
      }
      line = lineEnd + 1;
    }
  }
}

/** The number of an `id:` line; what follows it (the time of `sequence_time`) is left out. */
function readId(bytes: Buffer, start: number, end: number): number {
  let at = start + 3;
  if (bytes[at] === 32) at++;
  let id = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) break;
    id = id * 10 + digit;
  }
  return id;
}

/** Parses RFC 3339 times and caches the second: parsing a date for each frame would dominate the load. */
class StoredClock {
  private second = '';
  private secondMs = NaN;

  read(bytes: Buffer, start: number, end: number): number {
    const from = Math.max(start, end - TAIL_BYTES);
    let text = bytes.toString('latin1', from, end);
    let key = text.lastIndexOf(TIME_KEY);
    if (key < 0) {
      text = bytes.toString('latin1', start, end);
      key = text.lastIndexOf(TIME_KEY);
      if (key < 0) return NaN;
    }
    const at = key + TIME_KEY.length;
    const second = text.slice(at, at + 19);
    if (second !== this.second) {
      this.second = second;
      this.secondMs = Date.parse(`${second}Z`);
    }
    const close = text.indexOf('Z', at + 19);
    const fraction = text.slice(at + 19, close);
    return this.secondMs + (fraction === '' ? 0 : Number(fraction) * 1000);
  }
}
