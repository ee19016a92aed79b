import type { PageStream } from '../stream/topic-stream.interface.js';

/** A stream whose code is still being loaded: what it is told waits for it, in order. */
export class LateStream implements PageStream {
  constructor(private readonly loaded: Promise<PageStream>) {}

  follow(topics: readonly string[], restart?: boolean): void {
    void this.loaded.then((stream) => stream.follow(topics, restart));
  }

  close(): void {
    void this.loaded.then((stream) => stream.close());
  }

  wake(networkChanged: boolean): void {
    void this.loaded.then((stream) => stream.wake(networkChanged));
  }

  suspend(): void {
    void this.loaded.then((stream) => stream.suspend());
  }
}
