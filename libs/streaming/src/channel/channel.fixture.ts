import type { StreamMessage } from '@nuts/nats';
import { encodeFrame } from '../frames/encode-frame.js';
import { DEFAULT_FORMAT } from '../frames/message.fixture.js';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import { RetainingStream } from '../log/retaining-stream.fixture.js';
import { StreamLog, type StreamLogOptions } from '../log/stream-log.js';
import type { Channel, LiveMember } from './channel.js';
import { ChannelSet } from './channel-set.js';
import type { Segment } from './segment.js';

export const PREFIX = 'shop.';

/** Small enough for a test to exceed. */
export const FORMAT: FrameFormat = { ...DEFAULT_FORMAT, maxEventBytes: 400_000 };

/** Channels over an in-memory stream, without sessions. */
export class ChannelRig {
  readonly stream = new RetainingStream();
  readonly log: StreamLog;
  readonly channels: ChannelSet;
  /** The sequences of each flush that the observer was told of. */
  readonly flushes: number[][] = [];
  changes = 0;
  private readonly frames = new Map<StreamMessage, Buffer | undefined>();

  private constructor(options: Partial<StreamLogOptions>) {
    this.log = new StreamLog(this.stream, {
      stream: 'EVENTS',
      topicPrefix: PREFIX,
      window: { maxMessages: 5000, maxBytes: 1e9 },
      idleHeartbeatMs: 10_000,
      ...options,
    });
    this.channels = new ChannelSet(
      this.log,
      { flushed: (entries) => this.flushes.push(entries.map(({ sequence }) => sequence)) },
      () => this.changes++,
    );
  }

  static async start(options: Partial<StreamLogOptions> = {}): Promise<ChannelRig> {
    const rig = new ChannelRig(options);
    rig.log.start();
    while (!rig.log.canServe) await nextTick();
    return rig;
  }

  stop(): void {
    this.log.stop();
    this.channels.close();
  }

  store(topic: string, payload = '1'): number {
    return this.stream.store(PREFIX + topic, payload);
  }

  /** Stores a message that replaces all others of its topic. */
  rollUp(topic: string): number {
    return this.stream.put(PREFIX + topic, { 'Nats-Rollup': 'sub' });
  }

  acquire(...topics: string[]): Channel {
    return this.channels.acquire(topics, this.channels.encoder(FORMAT));
  }

  /** The frames that a client of these topics is due, whatever channels do. */
  due(isWanted: (topic: string) => boolean, from: number, to = Infinity): Buffer[] {
    return this.stream.held
      .filter(({ sequence }) => sequence > from && sequence <= to)
      .filter(({ subject }) => isWanted(subject.slice(PREFIX.length)))
      .flatMap((message) => this.frameOf(message) ?? []);
  }

  private frameOf(message: StreamMessage): Buffer | undefined {
    if (!this.frames.has(message)) {
      const topic = message.subject.slice(PREFIX.length);
      this.frames.set(message, encodeFrame(message, topic, FORMAT).bytes);
    }
    return this.frames.get(message);
  }
}

/** Records what its channel delivers. */
export class RecordingMember implements LiveMember {
  readonly segments: Segment[] = [];

  constructor(
    readonly isCompressed = false,
    private readonly delivered: () => void = () => undefined,
  ) {}

  deliver(segment: Segment): void {
    this.segments.push(segment);
    this.delivered();
  }

  get sequences(): number[] {
    return this.segments.flatMap(sequencesOf);
  }
}

export function sequencesOf(segment: Segment): number[] {
  return Array.from({ length: segment.frames }, (_, index) => segment.sequenceAt(index));
}

/** The end of this tick, when channels are flushed. */
export function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
