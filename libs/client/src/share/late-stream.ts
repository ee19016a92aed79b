import type { PageStream } from '../stream/topic-stream.interface.js';

/** Queues calls, in order, for a stream whose code is still loading. */
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
