import type { Block } from './block.js';

/** Frames that the client has not delivered yet. */
const MAX_FRAMES = 5_000;

/** The raw data of frames, kept until the client delivers their messages. */
export class RawFrames {
  private readonly waiting: { readonly id: string | undefined; readonly data: string }[] = [];

  push({ id, data }: Block): void {
    this.waiting.push({ id: id === '' ? undefined : id, data });
    if (this.waiting.length > MAX_FRAMES) this.waiting.shift();
  }

  /** The data of the message with this ID; frames before it were not delivered. */
  take(id: string): string | undefined {
    for (;;) {
      const first = this.waiting.shift();
      // Initial values have no ID on the wire.
      if (first === undefined || first.id === undefined || first.id === id) return first?.data;
    }
  }
}
