import type { StreamMessage } from '@nuts/nats';

/**
 * What an entry weighs besides payload and subject: objects, index slots, the unread protocol line.
 * Measured with payloads of 7 bytes (Node 24), so that a window of tiny messages is bounded as well.
 */
const ENTRY_OVERHEAD_BYTES = 800;

/** A message in the window. Its payload stays a view; nothing of it was decoded yet. */
export class LogEntry {
  readonly sequence: number;
  readonly subject: string;
  /** Bytes that the entry counts for in the window's bound. */
  readonly size: number;
  /** The stream no longer holds the message, or the window does not. */
  isGone = false;

  constructor(private held: StreamMessage) {
    this.sequence = held.sequence;
    this.subject = held.subject;
    this.size = held.data.length + held.subject.length + ENTRY_OVERHEAD_BYTES;
  }

  get message(): StreamMessage {
    return this.held;
  }

  /** Copies what is kept, so that the chunk that it was a view of can go. */
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
