import type { BodySink } from './body-sink.interface.js';

const CR = 13;
const LF = 10;
const HEAD_END = '\r\n\r\n';

type State = 'head' | 'identity' | 'size' | 'data' | 'data_end' | 'trailer' | 'over';

/**
 * An HTTP/1.1 response read off a socket, with as little work a byte as can be: the body of a chunked
 * answer goes on by slices of the read itself. No copy, no decoding, no allocation a chunk.
 */
export class ResponseReader {
  /** Status code; 0 while the head is not complete. */
  status = 0;
  /** Bytes of the body so far, without the framing of chunks. */
  bodyBytes = 0;
  private state: State = 'head';
  private head = '';
  private left = 0;
  private size = 0;
  private inExtension = false;

  constructor(private readonly sink: BodySink) {}

  /** The response is complete; its connection was not cut. */
  get isOver(): boolean {
    return this.state === 'over';
  }

  read(bytes: Buffer, length: number): void {
    let at = this.state === 'head' ? this.readHead(bytes, length) : 0;
    while (at < length) at = this.step(bytes, at, length);
  }

  private step(bytes: Buffer, at: number, length: number): number {
    switch (this.state) {
      case 'identity':
        this.bodyBytes += length - at;
        this.sink.body(bytes, at, length);
        return length;
      case 'data':
        return this.readData(bytes, at, length);
      case 'size':
        return this.readSize(bytes, at, length);
      case 'data_end':
        if (bytes[at] === LF) this.state = 'size';
        return at + 1;
      case 'trailer':
        if (bytes[at] === LF) this.state = 'over';
        return at + 1;
      case 'head':
      case 'over':
        return length;
      default:
        return this.state satisfies never;
    }
  }

  private readHead(bytes: Buffer, length: number): number {
    const before = this.head.length;
    this.head += bytes.toString('latin1', 0, length);
    const end = this.head.indexOf(HEAD_END);
    if (end < 0) return length;
    const head = this.head.slice(0, end);
    this.head = '';
    this.status = Number(head.slice(9, 12));
    this.state = /\r\ntransfer-encoding: *chunked/i.test(head) ? 'size' : 'identity';
    return end + HEAD_END.length - before;
  }

  private readData(bytes: Buffer, at: number, length: number): number {
    const end = Math.min(length, at + this.left);
    this.bodyBytes += end - at;
    this.sink.body(bytes, at, end);
    this.left -= end - at;
    if (this.left === 0) this.state = 'data_end';
    return end;
  }

  private readSize(bytes: Buffer, at: number, length: number): number {
    for (let index = at; index < length; index++) {
      const byte = bytes[index] ?? 0;
      if (byte === LF) {
        this.left = this.size;
        this.state = this.size === 0 ? 'trailer' : 'data';
        this.size = 0;
        this.inExtension = false;
        return index + 1;
      }
      if (byte === CR) continue;
      const digit = hexDigit(byte);
      // A chunk extension begins with a semicolon and is not part of the size.
      if (digit < 0) this.inExtension = true;
      else if (!this.inExtension) this.size = this.size * 16 + digit;
    }
    return length;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
