/** Receives a response's body in chunks. A chunk is valid only during the call: the next read overwrites it. */
export interface BodySink {
  body(bytes: Buffer, start: number, end: number): void;
}
