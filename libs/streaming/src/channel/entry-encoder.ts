import { ByteBoundedCache } from '../bounded/byte-bounded-cache.js';
import type { DropReason } from '@nuts/metrics';
import type { StreamMessage } from '@nuts/nats';
import type { EncodableMessage } from '../frames/encodable-message.js';
import {
  prepareFrame,
  prepareGap,
  writeFrame,
  type PreparedFrame,
} from '../frames/encode-frame.js';
import { prepareItem, prepareItemGap } from '../frames/encode-item.js';
import type { FrameRole } from '../frames/frame-role.js';
import { RememberedParts } from '../frames/frame-parts.js';
import { isControlMessage } from '../frames/message-headers.js';
import type { DroppedMessage } from '../hub/drop-report.js';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import type { LogEntry } from '../log/log-entry.js';
import type { HubMapping } from '../mapping/hub-mapping.js';
import { DroppedMessages } from './dropped-messages.js';
import type { SequencedFrame } from './segment.js';

/** Cache sizes for frames that channels share, in bytes. Pages are read one at a time and share less. */
const CACHED_BYTES = { frame: 16 * 1024 * 1024, item: 2 * 1024 * 1024 } as const;
/** Additional share for initial values; few of them are used by more than one channel. */
const INITIAL_SHARE = 0.25;
/** Memory of a cached frame besides its bytes. */
const FRAME_OVERHEAD_BYTES = 320;

/** Null for a message of which nothing is sent. */
type FrameCache = ByteBoundedCache<number, SequencedFrame | null>;

/** The form of encoded messages: frames of an event stream, or items of a page of history. */
export type EncodedForm = 'frame' | 'item';

const LEFT_OUT: PreparedFrame = { pieces: undefined, dropped: 'mapper_dropped' };

/** Options of an encoder. */
export interface EncoderOptions {
  /** Default: `frame`. */
  readonly form?: EncodedForm | undefined;
  /** Changes messages before they are encoded; default: none. */
  readonly mapping?: HubMapping | undefined;
  /** Shared by the encoders of one format; default: separate. */
  readonly drops?: DroppedMessages | undefined;
}

/** Encodes messages in one format: each message of the window once for all channels. */
export class EntryEncoder {
  private readonly cached: Readonly<Record<FrameRole, FrameCache>>;
  private readonly parts = new RememberedParts();
  private readonly form: EncodedForm;
  private readonly mapping: HubMapping | undefined;
  private readonly drops: DroppedMessages;

  constructor(
    readonly format: FrameFormat,
    private readonly topicPrefix: string,
    { form = 'frame', mapping, drops = new DroppedMessages() }: EncoderOptions = {},
  ) {
    this.form = form;
    this.mapping = mapping;
    this.drops = drops;
    this.cached = {
      event: new ByteBoundedCache(CACHED_BYTES[form]),
      initial: new ByteBoundedCache(CACHED_BYTES[form] * INITIAL_SHARE),
    };
  }

  /**
   * Adds a listener for messages that are not delivered, called once per message. Returns a function that
   * removes it.
   */
  onDrop(listener: (dropped: DroppedMessage) => void): () => void {
    return this.drops.listen(listener);
  }

  /** The frame of a message in the window; undefined if nothing is sent. */
  encode(entry: LogEntry): SequencedFrame | undefined {
    return this.encodeAs('event', entry);
  }

  /** A subject's newest message as an initial value (contract §9). */
  encodeInitial(entry: LogEntry): SequencedFrame | undefined {
    return this.encodeAs('initial', entry);
  }

  /**
   * The frame of a message from a replay, not yet assembled: only one session needs it, so it is written
   * directly to its output and not cached.
   */
  prepare(message: StreamMessage, role: FrameRole = 'event'): PreparedFrame {
    const topic = this.topicOf(message);
    const prepared =
      this.mapping === undefined || isControlMessage(message, this.format)
        ? this.encoded(message, topic, role)
        : this.mapped(this.mapping, message, topic, role);
    if (prepared.dropped !== undefined) this.count(message, prepared.dropped, prepared.error);
    return prepared;
  }

  /** A message from before the replay window: skipped in this history, and counted. */
  skip(message: StreamMessage): void {
    this.count(message, 'replay_window');
  }

  /** The stream no longer holds these messages: removes them from the cache. */
  forget(entries: readonly LogEntry[]): void {
    for (const { sequence } of entries) {
      this.cached.event.delete(sequence);
      this.cached.initial.delete(sequence);
    }
  }

  /** A different stream uses the sequences now. */
  clear(): void {
    this.cached.event.clear();
    this.cached.initial.clear();
    this.drops.clear();
  }

  private encodeAs(role: FrameRole, { message }: LogEntry): SequencedFrame | undefined {
    const cache = this.cached[role];
    const known = cache.get(message.sequence);
    if (known !== undefined) return known ?? undefined;
    const frame = this.frameOf(message, role);
    cache.set(message.sequence, frame ?? null, FRAME_OVERHEAD_BYTES + (frame?.bytes.length ?? 0));
    return frame;
  }

  private frameOf(message: StreamMessage, role: FrameRole): SequencedFrame | undefined {
    const { pieces, dropped } = this.prepare(message, role);
    if (pieces === undefined) return undefined;
    const bytes = Buffer.allocUnsafe(pieces.length);
    writeFrame(bytes, 0, pieces);
    return { sequence: message.sequence, bytes, isGap: dropped !== undefined };
  }

  private encoded(message: EncodableMessage, topic: string, role: FrameRole): PreparedFrame {
    return this.form === 'item'
      ? prepareItem(message, topic, this.format, this.parts, role)
      : prepareFrame(message, topic, this.format, this.parts, role);
  }

  private mapped(
    mapping: HubMapping,
    message: StreamMessage,
    topic: string,
    role: FrameRole,
  ): PreparedFrame {
    const result = mapping.apply(message, topic);
    switch (result.kind) {
      case 'message':
        return this.encoded(result.message, topic, role);
      case 'dropped':
        return LEFT_OUT;
      case 'failed': {
        const gap =
          this.form === 'item'
            ? prepareItemGap(message, topic, this.format, 'mapper_error')
            : prepareGap(message, topic, this.format, 'mapper_error', role);
        return { ...gap, error: result.error };
      }
      default:
        return result satisfies never;
    }
  }

  private topicOf({ subject }: StreamMessage): string {
    return subject.slice(this.topicPrefix.length);
  }

  private count(message: StreamMessage, reason: DropReason, error?: Error): void {
    const { sequence, data } = message;
    const dropped = { reason, sequence, topic: this.topicOf(message), size: data.length };
    this.drops.count(error === undefined ? dropped : { ...dropped, error });
  }
}
