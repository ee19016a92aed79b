import type { Subscription } from 'rxjs';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import type { LogEntry } from '../log/log-entry.js';
import type { StreamLog } from '../log/stream-log.js';
import { SubjectSet } from '../log/subject-set.js';
import type { HubMapping } from '../mapping/hub-mapping.js';
import { TopicIndex } from '../topics/topic-index.js';
import { Channel, type ChannelObserver } from './channel.js';
import { EntryEncoder, type EncodedForm } from './entry-encoder.js';
import { DroppedMessages } from './dropped-messages.js';
import { SegmentCache } from './segment-cache.js';

/** Memory for catch-up segments that other sessions at the same cursor can use, in bytes. */
const RECENT_SEGMENT_BYTES = 8 * 1024 * 1024;
/**
 * If one tick brings more messages, it flushes in between, so that the window stays within its limits
 * during a burst.
 */
const MESSAGES_A_FLUSH = 4096;

/**
 * The channels of one log. Matches each message once against all live topic sets, and flushes the affected
 * channels at the end of the tick.
 */
export class ChannelSet {
  private readonly index: TopicIndex<Channel>;
  private readonly channels = new Map<string, { channel: Channel; users: number }>();
  private readonly encoders = new Map<string, EntryEncoder>();
  private readonly drops = new Map<string, DroppedMessages>();
  private readonly encoderIds = new Map<EntryEncoder, number>();
  private readonly recent = new SegmentCache(RECENT_SEGMENT_BYTES);
  private dirty: Channel[] = [];
  private sinceFlush = 0;
  private scheduled: NodeJS.Immediate | undefined;
  private readonly subscription: Subscription;

  constructor(
    private readonly log: StreamLog,
    private readonly observer: ChannelObserver,
    /** Called when the number of channels or the window's content changes. */
    private readonly changed: () => void = () => undefined,
  ) {
    this.index = new TopicIndex<Channel>(log.options.topicPrefix);
    this.subscription = log.appended$.subscribe((entry) => this.append(entry));
    this.subscription.add(
      log.gone$.subscribe((entries) => {
        for (const encoder of this.encoders.values()) encoder.forget(entries);
      }),
    );
    this.subscription.add(log.reset$.subscribe(() => this.reset()));
  }

  /** Number of channels in use. */
  get size(): number {
    return this.channels.size;
  }

  /** Memory of the cached catch-up segments, in bytes. */
  get cachedBytes(): number {
    return this.recent.bytes;
  }

  /**
   * Returns the same encoder for equal formats, so that hubs share frames; a hub with a mapper has its own.
   * Call it once per hub, because it compares formats.
   */
  encoder(format: FrameFormat, form: EncodedForm = 'frame', mapping?: HubMapping): EntryEncoder {
    const frames = JSON.stringify([format, mapping?.hub.name]);
    const key = `${form} ${frames}`;
    let encoder = this.encoders.get(key);
    if (encoder === undefined) {
      const drops = this.drops.get(frames) ?? new DroppedMessages();
      this.drops.set(frames, drops);
      const options = { form, mapping, drops };
      encoder = new EntryEncoder(format, this.log.options.topicPrefix, options);
      this.encoders.set(key, encoder);
      this.encoderIds.set(encoder, this.encoders.size);
    }
    return encoder;
  }

  /** The channel for these topics and this format; return it with `release`. */
  acquire(topics: readonly string[], encoder: EntryEncoder): Channel {
    const key = `${String(this.encoderIds.get(encoder))} ${[...topics].sort().join(' ')}`;
    const known = this.channels.get(key);
    if (known !== undefined) {
      known.users++;
      return known.channel;
    }
    const set = new SubjectSet(this.log.options.topicPrefix, topics);
    const channel = new Channel(
      key,
      set,
      encoder,
      this.log,
      () => this.recent.forChannel(),
      this.observer,
    );
    this.channels.set(key, { channel, users: 1 });
    this.index.add(topics, channel);
    this.changed();
    return channel;
  }

  release(channel: Channel): void {
    const known = this.channels.get(channel.key);
    if (known === undefined || --known.users > 0) return;
    this.channels.delete(channel.key);
    channel.close();
    this.index.remove(channel.set.topics, channel);
    this.changed();
  }

  /** Delivers the messages of this tick, then evicts, so that live sessions never miss evicted messages. */
  flush(): void {
    clearImmediate(this.scheduled);
    this.scheduled = undefined;
    this.sinceFlush = 0;
    const dirty = this.dirty;
    this.dirty = [];
    for (const channel of dirty) channel.flush();
    this.log.messages.trim();
    this.changed();
  }

  close(): void {
    this.subscription.unsubscribe();
    clearImmediate(this.scheduled);
    this.scheduled = undefined;
  }

  private append(entry: LogEntry): void {
    for (const channel of this.index.match(entry.subject)) {
      if (channel.offer(entry)) this.dirty.push(channel);
    }
    // Only after every channel has received the message: a flush moves their positions past it.
    if (++this.sinceFlush >= MESSAGES_A_FLUSH) this.flush();
    else this.scheduled ??= setImmediate(() => this.flush());
  }

  private reset(): void {
    this.flush();
    this.recent.clear();
    for (const encoder of this.encoders.values()) encoder.clear();
  }
}
