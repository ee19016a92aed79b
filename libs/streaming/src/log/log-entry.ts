import type { StreamMessage } from '@nuts/nats';

/**
 * Memory of an entry besides payload and subject: objects, index slots, the undecoded protocol line.
 * Measured with 7-byte payloads (Node 24), so that windows of tiny messages are bounded too.
 */
const ENTRY_OVERHEAD_BYTES = 800;

/** A message in the window. Its payload is a view and nothing is decoded until it is needed. */
export class LogEntry {
  readonly sequence: number;
  readonly subject: string;
  /** Bytes that count towards the window's limit. */
  readonly size: number;
  /** The stream or the window no longer holds the message. */
  isGone = false;

  constructor(private held: StreamMessage) {
    this.sequence = held.sequence;
    this.subject = held.subject;
    this.size = held.data.length + held.subject.length + ENTRY_OVERHEAD_BYTES;
  }

  get message(): StreamMessage {
    return this.held;
  }

  /** Copies the data, so that the chunk that contains it can be released. */
  detach(): void {
    const { subject, sequence, timeNanos, timeDigits, data, headers } = this.held;
    this.held = { subject, sequence, timeNanos, timeDigits, headers, data: new Uint8Array(data) };
  }
}

const NANOS_PER_MS = 1_000_000n;

/** When a message was stored, in ms since 1970. */
export function storedMs({ message }: LogEntry): number {
  return Number(message.timeNanos / NANOS_PER_MS);
}
