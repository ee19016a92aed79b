import { formatStoredTime, secondText } from './stored-time.js';

/** Maximum number of cached heads. */
const REMEMBERED = 512;

/** The parts shared by frames of one topic, or of one second. */
export interface FrameParts {
  /** The bytes before the payload in a frame with an envelope (contract §3). */
  head(name: string, topic: string): Buffer;
  /** A stored time in the envelope's format. */
  time(timeDigits: string): string;
}

/** Creates each part anew. */
export const FRESH_PARTS: FrameParts = {
  head: (name, topic) =>
    Buffer.from(`event: ${name}\ndata: {"topic":${JSON.stringify(topic)},"payload":`),
  time: (timeDigits) => formatStoredTime(timeDigits),
};

/**
 * Caches the parts. The messages of a topic differ in their head only if a header gives the event name, and
 * they arrive in order of time. This saves a third of a frame's cost.
 */
export class RememberedParts implements FrameParts {
  private readonly heads = new Map<string, { readonly name: string; readonly bytes: Buffer }>();
  private seconds = '';
  private text = '';

  head(name: string, topic: string): Buffer {
    const known = this.heads.get(topic);
    if (known?.name === name) return known.bytes;
    // Clearing everything is rare, and cheaper per message than an LRU order.
    if (this.heads.size >= REMEMBERED) this.heads.clear();
    const bytes = FRESH_PARTS.head(name, topic);
    this.heads.set(topic, { name, bytes });
    return bytes;
  }

  time(timeDigits: string): string {
    return formatStoredTime(timeDigits, this.newestSecond);
  }

  private readonly newestSecond = (seconds: string): string => {
    if (seconds !== this.seconds) {
      this.text = secondText(seconds);
      this.seconds = seconds;
    }
    return this.text;
  };
}
