import type { DropReason } from '@nuts/metrics';
import type { StreamMessage } from '@nuts/nats';
import { prepareFrame, writeFrame, type PreparedFrame } from '../frames/encode-frame.js';
import { prepareItem } from '../frames/encode-item.js';
import type { FrameRole } from '../frames/frame-role.js';
import { RememberedParts } from '../frames/frame-parts.js';
import type { DroppedMessage } from '../hub/drop-report.js';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import type { LogEntry } from '../log/log-entry.js';
import { ByteBoundedCache } from './byte-bounded-cache.js';
import { DroppedMessages } from './dropped-messages.js';
import type { SequencedFrame } from './segment.js';

/** Frames kept for channels that share messages, in bytes; pages come one by one, and share less. */
const CACHED_BYTES = { frame: 16 * 1024 * 1024, item: 2 * 1024 * 1024 } as const;
/** What a cached frame weighs besides its bytes. */
const FRAME_OVERHEAD_BYTES = 320;

/** What messages are encoded as: frames of an event stream, or items of a page of history. */
export type EncodedForm = 'frame' | 'item';

/** Frames of one format: each message of the window is encoded once for all channels. */
export class EntryEncoder {
  private readonly cache: ByteBoundedCache<number, SequencedFrame | null>;
  private readonly parts = new RememberedParts();

  /** @param drops shared by all forms of one format: a message is counted once */
  constructor(
    readonly format: FrameFormat,
    private readonly topicPrefix: string,
    private readonly form: EncodedForm = 'frame',
    readonly drops = new DroppedMessages(),
  ) {
    this.cache = new ByteBoundedCache(CACHED_BYTES[form]);
  }

  /** Hears of every message that was not delivered, once. Returns what takes the listener away. */
  onDrop(listener: (dropped: DroppedMessage) => void): () => void {
    return this.drops.listen(listener);
  }

  /** The frame of a message in the window; undefined when nothing of it is sent. */
  encode(entry: LogEntry): SequencedFrame | undefined {
    const known = this.cache.get(entry.sequence);
    if (known !== undefined) return known ?? undefined;
    const frame = this.frameOf(entry.message);
    this.cache.set(
      entry.sequence,
      frame ?? null,
      FRAME_OVERHEAD_BYTES + (frame?.bytes.length ?? 0),
    );
    return frame;
  }

  /**
   * The frame of a message from a replay, before its bytes: one session wants it, so it is written
   * where it goes out from, and not kept.
   */
  prepare(message: StreamMessage, role: FrameRole = 'event'): PreparedFrame {
    const topic = this.topicOf(message);
    const prepared =
      this.form === 'item'
        ? prepareItem(message, topic, this.format, this.parts, role)
        : prepareFrame(message, topic, this.format, this.parts, role);
    if (prepared.dropped !== undefined) this.count(message, prepared.dropped);
    return prepared;
  }

  /** A subject's newest message as an initial value (contract §9). Not kept: its segment is. */
  encodeInitial({ message }: LogEntry): SequencedFrame | undefined {
    return this.frameOf(message, 'initial');
  }

  /** A message lies before the replay window: left out of this history, and counted. */
  skip(message: StreamMessage): void {
    this.count(message, 'replay_window');
  }

  /** The stream holds these no more: neither may memory. */
  forget(entries: readonly LogEntry[]): void {
    for (const { sequence } of entries) this.cache.delete(sequence);
  }

  /** Another stream has the sequences now. */
  clear(): void {
    this.cache.clear();
    this.drops.clear();
  }

  private frameOf(message: StreamMessage, role: FrameRole = 'event'): SequencedFrame | undefined {
    const { pieces, dropped } = this.prepare(message, role);
    if (pieces === undefined) return undefined;
    const bytes = Buffer.allocUnsafe(pieces.length);
    writeFrame(bytes, 0, pieces);
    return { sequence: message.sequence, bytes, isGap: dropped !== undefined };
  }

  private topicOf({ subject }: StreamMessage): string {
    return subject.slice(this.topicPrefix.length);
  }

  private count(message: StreamMessage, reason: DropReason): void {
    const { sequence, data } = message;
    this.drops.count({ reason, sequence, topic: this.topicOf(message), size: data.length });
  }
}
