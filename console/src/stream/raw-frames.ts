import type { Block } from './block.js';

/** Frames that the client has not handed on yet. */
const MOST = 5_000;

/** The data of frames as they came over the wire, until the client hands on the message in them. */
export class RawFrames {
  private readonly waiting: { readonly id: string | undefined; readonly data: string }[] = [];

  push({ id, data }: Block): void {
    this.waiting.push({ id: id === '' ? undefined : id, data });
    if (this.waiting.length > MOST) this.waiting.shift();
  }

  /** The data of the message with this id; frames before it were not handed on. */
  take(id: string): string | undefined {
    for (;;) {
      const first = this.waiting.shift();
      // Initial values have no id on the wire.
      if (first === undefined || first.id === undefined || first.id === id) return first?.data;
    }
  }
}
