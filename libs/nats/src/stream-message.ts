import type { MsgHdrs } from 'nats';

/** A message of a stream, as a consumer delivered it. */
export interface StreamMessage {
  readonly subject: string;
  /** Stream sequence, exact up to 2^53. */
  readonly sequence: number;
  /** Stored time in ns since 1970, exact; parsed from the acknowledgement subject. */
  readonly timeNanos: bigint;
  /** The same as decimal digits: converting to a number and back costs more than keeping the text. */
  readonly timeDigits: string;
  /** The payload, a view of the socket's chunk: never write to it. */
  readonly data: Uint8Array;
  /** Undefined if the message has none; decoded on first access. */
  readonly headers: MsgHdrs | undefined;
}
