import type { MsgHdrs } from 'nats';

/** A message of a stream, as a consumer delivered it. */
export interface StreamMessage {
  readonly subject: string;
  /** Stream sequence, exact up to 2^53. */
  readonly sequence: number;
  /** Stored time in ns since 1970, exact: read from the acknowledgement subject. */
  readonly timeNanos: bigint;
  /** The same in decimal digits, as it came: a number for text's sake costs more than the text. */
  readonly timeDigits: string;
  /** The payload. A view into the socket's chunk: never write to it. */
  readonly data: Uint8Array;
  /** Undefined when the message has none; decoded on first access. */
  readonly headers: MsgHdrs | undefined;
}
