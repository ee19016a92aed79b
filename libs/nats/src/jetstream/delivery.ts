import type { Msg, MsgHdrs } from 'nats';
import type { StreamMessage } from '../stream-message.js';
import { readableHeaders } from './header-lines.js';

const DOT = 46;
const ZERO = 48;

/**
 * A message as a consumer delivered it. Only the numbers needed for ordering are parsed on arrival;
 * subject, time, headers and payload on access, because a tail reads far more than it shows.
 */
export class Delivery implements StreamMessage {
  constructor(
    private readonly message: Msg,
    readonly sequence: number,
    /** Number of the delivery by this consumer, from 1; a gap means that messages were lost. */
    readonly deliverySequence: number,
    readonly timeDigits: string,
  ) {}

  get subject(): string {
    return this.message.subject;
  }

  get timeNanos(): bigint {
    return BigInt(this.timeDigits);
  }

  get data(): Uint8Array {
    return this.message.data;
  }

  get headers(): MsgHdrs | undefined {
    return readHeaders(this.message);
  }

  /**
   * The size that the server deducts from a pull's `max_bytes`: subject, acknowledgement subject, headers
   * and payload. 0 if the client does not provide it.
   */
  get countedBytes(): number {
    return (this.message as { size?: () => number }).size?.() ?? 0;
  }
}

/**
 * Parses acknowledgement subjects of one consumer: `$JS.ACK.<stream>.<consumer>.<delivered>.<stream
 * seq>.<consumer seq>.<time>.<pending>`, or with `<domain>.<account>` after `ACK` and possibly a random
 * token at the end (ADR-15). The part up to the consumer's name is the same in all messages, so it is
 * located once.
 */
export class DeliveryReader {
  private prefix = '';

  /** Undefined if it is a status (heartbeat, end of a pull) instead of a message. */
  read(message: Msg): Delivery | undefined {
    const reply = message.reply;
    if (reply === undefined || reply === '') return undefined;
    if (this.prefix === '' || !reply.startsWith(this.prefix)) {
      const prefix = prefixOf(reply);
      if (prefix === undefined) return undefined;
      this.prefix = prefix;
    }
    let at = reply.indexOf('.', this.prefix.length) + 1;
    let sequence = 0;
    for (let c = reply.charCodeAt(at); c !== DOT; c = reply.charCodeAt(++at)) {
      if (Number.isNaN(c)) return undefined;
      sequence = sequence * 10 + c - ZERO;
    }
    let delivery = 0;
    for (let c = reply.charCodeAt(++at); c !== DOT; c = reply.charCodeAt(++at)) {
      if (Number.isNaN(c)) return undefined;
      delivery = delivery * 10 + c - ZERO;
    }
    return new Delivery(
      message,
      sequence,
      delivery,
      reply.slice(at + 1, reply.indexOf('.', at + 1)),
    );
  }
}

function prefixOf(reply: string): string | undefined {
  if (!reply.startsWith('$JS.ACK.')) return undefined;
  const tokens = reply.split('.');
  const constant = tokens.length === 9 ? 4 : tokens.length >= 11 ? 6 : 0;
  return constant === 0 ? undefined : `${tokens.slice(0, constant).join('.')}.`;
}

/** The headers, or all readable ones. */
function readHeaders(message: Msg): MsgHdrs | undefined {
  try {
    return message.headers;
  } catch {
    return readableHeaders(headerText(message));
  }
}

/** The raw bytes are in private fields; with a different client version, none are found. */
function headerText(message: Msg): string {
  const { _rdata: raw, _msg: parsed } = message as { _rdata?: Uint8Array; _msg?: { hdr?: number } };
  return new TextDecoder().decode(raw?.subarray(0, parsed?.hdr ?? 0));
}
