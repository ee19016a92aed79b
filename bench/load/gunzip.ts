import { constants, createGunzip } from 'node:zlib';
import type { BodySink } from './body-sink.interface.js';

/** The internal synchronous function of Node's zlib streams, which is not in their types. */
interface Processor {
  _handle: { close: () => void };
  close: () => void;
  _processChunk(chunk: Buffer, flush: number): Buffer | null;
}

/** Decompresses chunks synchronously: a thread would add to the latency. */
export class Gunzip implements BodySink {
  private readonly stream = createGunzip().setMaxListeners(0) as unknown as Processor;
  private readonly handle = this.stream._handle;

  constructor(private readonly plain: BodySink) {
    // Node closes a stream after one synchronous call, and adds a listener each time.
    this.handle.close = () => undefined;
    this.stream.close = () => undefined;
  }

  body(bytes: Buffer, start: number, end: number): void {
    const chunk = bytes.subarray(start, end);
    const plain = this.stream._processChunk(chunk, constants.Z_SYNC_FLUSH);
    this.stream._handle = this.handle;
    if (plain !== null && plain.length > 0) this.plain.body(plain, 0, plain.length);
  }
}
