import type { ServerResponse } from 'node:http';
import { frameOf, type LimitFrame } from './limit-frame.js';
import type { JsMsg } from 'nats';

/** Frames kept for clients that reconnect. */
const WINDOW = 8192;

interface Channel {
  readonly topics: ReadonlySet<string>;
  readonly clients: Set<ServerResponse>;
  pending: Buffer[];
}

/**
 * The least that fan-out can do: frames of a tick joined once, the same Buffer written to every client
 * of a topic set, and history out of memory, joined once a cursor. It knows no slow clients, no
 * bounds, no errors: what it measures is the way of the bytes.
 */
export class FanOut {
  private readonly channels = new Map<string, Channel>();
  private readonly byTopic = new Map<string, Set<Channel>>();
  private readonly histories = new Map<string, Buffer>();
  private window: LimitFrame[] = [];
  private isScheduled = false;
  newest = 0;

  readonly take = (message: JsMsg): void => {
    const frame = frameOf(message);
    this.newest = frame.sequence;
    this.window.push(frame);
    for (const channel of this.byTopic.get(frame.topic) ?? []) channel.pending.push(frame.bytes);
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => this.flush());
  };

  /** Writes the frames after the client's cursor, and from then on those of every tick. */
  join(topics: readonly string[], after: number | undefined, response: ServerResponse): void {
    if (this.isScheduled) this.flush();
    const key = topics.join(' ');
    const channel = this.channels.get(key) ?? this.addChannel(key, topics);
    if (after !== undefined) {
      const history = this.history(key, channel, after);
      if (history.length > 0) response.write(history);
    }
    channel.clients.add(response);
    response.once('close', () => channel.clients.delete(response));
  }

  private flush(): void {
    this.isScheduled = false;
    this.histories.clear();
    if (this.window.length > 2 * WINDOW) this.window = this.window.slice(-WINDOW);
    for (const channel of this.channels.values()) {
      if (channel.pending.length === 0) continue;
      const bytes = Buffer.concat(channel.pending);
      channel.pending = [];
      for (const client of channel.clients) client.write(bytes);
    }
  }

  private history(key: string, { topics }: Channel, after: number): Buffer {
    const historyKey = `${after} ${key}`;
    let history = this.histories.get(historyKey);
    if (history === undefined) {
      const frames = this.window.filter(
        ({ sequence, topic }) => sequence > after && topics.has(topic),
      );
      history = Buffer.concat(frames.map(({ bytes }) => bytes));
      this.histories.set(historyKey, history);
    }
    return history;
  }

  private addChannel(key: string, topics: readonly string[]): Channel {
    const channel: Channel = { topics: new Set(topics), clients: new Set(), pending: [] };
    this.channels.set(key, channel);
    for (const topic of topics) {
      const interested = this.byTopic.get(topic) ?? new Set();
      this.byTopic.set(topic, interested.add(channel));
    }
    return channel;
  }
}
