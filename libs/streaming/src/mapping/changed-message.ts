import type { StreamMessage } from '@nuts/nats';
import type { EncodableMessage } from '../frames/encodable-message.js';

/** A stored message with another payload, event name, or both. */
export class ChangedMessage implements EncodableMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly timeNanos: bigint;
  readonly timeDigits: string;

  constructor(
    private readonly stored: StreamMessage,
    readonly data: Uint8Array,
    readonly event: string | undefined,
  ) {
    this.subject = stored.subject;
    this.sequence = stored.sequence;
    this.timeNanos = stored.timeNanos;
    this.timeDigits = stored.timeDigits;
  }

  /** Decoded on first access; this throws for invalid headers, like that of the stored message. */
  get headers(): StreamMessage['headers'] {
    return this.stored.headers;
  }
}
