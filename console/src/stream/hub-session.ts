import { connect, type Gap, type Hub, HubError, type HubState, type Message } from '@nuts/client';
import { ConnectionWatch } from './connection-watch.js';
import { RawFrames } from './raw-frames.js';
import { StreamTap } from './stream-tap.js';
import type { Timeline } from '../model/timeline.js';

/** What to watch, and how. */
export interface SessionOptions {
  /** The hub's URL. */
  readonly url: string;
  readonly topics: readonly string[];
  readonly start: string;
  /** A position to start after; empty = none. */
  readonly cursor: string;
  /** Empty = none. */
  readonly token: string;
  readonly heartbeatMs: number;
}

/** Receives the events of a session. */
export interface SessionListener {
  /** @param isLive whether it is newer than the session's own history */
  message(message: Message, data: string | undefined, isLive: boolean): void;
  gap(gap: Gap): void;
  reset(): void;
  state(state: HubState): void;
  refused(error: HubError): void;
}

/** The page's events: one connection, with the public client package. */
export class HubSession {
  private readonly hub: Hub;
  private readonly tap: StreamTap;
  private readonly frames = new RawFrames();
  private isLive: boolean;

  constructor(options: SessionOptions, timeline: Timeline, listener: SessionListener) {
    const { url, topics, start, cursor, token, heartbeatMs } = options;
    const watch = new ConnectionWatch(timeline);
    this.isLive = cursor === '' && start === 'live';
    this.tap = new StreamTap({
      requested: (address) => watch.requested(address),
      answered: (status) => watch.answered(status),
      cut: () => watch.cut(),
      block: (block) => {
        watch.block(block);
        if (isMessage(block.event)) this.frames.push(block);
      },
    });
    const address = new URL(url);
    // Set on the stream itself: its `live` event shows that the history is complete.
    if (cursor === '') address.searchParams.set('start', start);
    this.hub = connect(address, {
      heartbeatMs,
      fetch: this.tap.fetch,
      ...(token !== '' && { token: () => token }),
      ...(cursor !== '' && { cursor: beginningAt(topics, cursor) }),
    });
    this.hub.on('state', (state) => {
      watch.state(state);
      listener.state(state);
    });
    const subscription = this.hub.subscribe(topics);
    subscription.on('message', (message) =>
      listener.message(message, this.frames.take(message.id), this.isLive),
    );
    subscription.on('gap', (gap) => listener.gap(gap));
    subscription.on('reset', () => listener.reset());
    subscription.on('live', () => (this.isLive = true));
    subscription.on('error', (error) => listener.refused(error));
  }

  /** Cuts the connection, which reconnects automatically. Returns whether there was one. */
  cut(): boolean {
    return this.tap.cut();
  }

  close(): void {
    this.hub.close();
  }
}

const CONTROL = new Set(['connected', 'live', 'gap', 'reset', 'expiring']);

function isMessage(event: string | undefined): boolean {
  return event !== undefined && !CONTROL.has(event);
}

/** A storage for the client with one position for all topics, which stores nothing. */
function beginningAt(
  topics: readonly string[],
  cursor: string,
): Pick<Storage, 'getItem' | 'setItem'> {
  const positions = JSON.stringify(Object.fromEntries(topics.map((topic) => [topic, cursor])));
  return { getItem: () => positions, setItem: () => undefined };
}
