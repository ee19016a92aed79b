/** Takes a response's body as it comes. The bytes are only lent: they are overwritten by the next read. */
export interface BodySink {
  body(bytes: Buffer, start: number, end: number): void;
}
