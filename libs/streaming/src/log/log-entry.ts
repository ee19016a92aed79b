import type { StreamMessage } from '@nuts/nats';

/**
 * What an entry weighs besides payload and subject: objects, index slots, the unread protocol line.
 * An estimate, so that a window of tiny messages is bounded as well.
 */
const ENTRY_OVERHEAD_BYTES = 256;

/** A message in the window. Its payload stays a view; nothing of it was decoded yet. */
export class LogEntry {
  readonly sequence: number;
  readonly subject: string;
  /** Bytes that the entry counts for in the window's bound. */
  readonly size: number;

  constructor(readonly message: StreamMessage) {
    this.sequence = message.sequence;
    this.subject = message.subject;
    this.size = message.data.length + message.subject.length + ENTRY_OVERHEAD_BYTES;
  }
}
