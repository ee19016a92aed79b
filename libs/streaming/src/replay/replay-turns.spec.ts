import type { PullReader } from '@nuts/nats';
import { FedEngine, settle, type FedClient } from '../session/feed.fixture.js';

describe('the turn to pull', () => {
  /** An engine whose pulls are answered by the test. */
  class HeldEngine extends FedEngine {
    readonly held: (() => void)[] = [];
    private readonly openPull = this.stream.openPull.bind(this.stream);

    override async start(): Promise<void> {
      await super.start();
      this.stream.openPull = async (options): Promise<PullReader> => {
        const reader = await this.openPull(options);
        return {
          name: reader.name,
          close: () => reader.close(),
          pull: async (batch, maxBytes) => {
            await new Promise<void>((resolve) => this.held.push(resolve));
            return reader.pull(batch, maxBytes);
          },
        };
      };
      for (let i = 0; i < 3000; i++) this.stream.store('a');
      await settle();
    }

    answer(): void {
      for (const resolve of this.held.splice(0)) resolve();
    }
  }

  let engine: HeldEngine;
  beforeEach(async () => {
    engine = new HeldEngine(5);
    await engine.start();
  });
  afterEach(() => engine.stop());

  it('rotates: beside many others, a replay has at most one pull in flight', async () => {
    const clients = [0, 1, 2].map((after) => engine.connect(['a'], after, 9999));
    await settle();
    let most = 0;
    while (clients.some(({ feed }) => feed.state !== 'live')) {
      most = Math.max(most, engine.held.length);
      const behind = clients.map(({ feed }) => feed.cursor).filter((cursor) => cursor < 2990);
      expect(Math.max(...behind, 0) - Math.min(...behind, 3000)).toBeLessThanOrEqual(3 * 256);
      engine.answer();
      await settle();
    }
    // One, and the pull that the last replay requested while it was alone.
    expect(most).toBeLessThanOrEqual(2);
    for (const { received } of clients) expect(received.at(-1)).toBe(3000);
  });

  it('passes on if the server does not answer, and comes back', async () => {
    const [first, second] = [engine.connect(['a'], 0, 9999), engine.connect(['a'], 1, 9999)];
    await until(() => engine.held.length > 0);
    expect(engine.held).toHaveLength(1);
    const [unanswered] = engine.held.splice(0);
    await until(() => engine.held.length > 0);
    while (second.feed.state !== 'live') {
      engine.answer();
      await settle();
    }
    expect(first.received).toEqual([]);
    unanswered?.();
    while (first.feed.state !== 'live') {
      await settle();
      engine.answer();
    }
    expect(first.received).toHaveLength(3000);
  });

  it('passes on if the client does not read', async () => {
    const stuck: FedClient = engine.connect(['a'], 0, 10);
    const quick = engine.connect(['a'], 1, 9999);
    while (quick.feed.state !== 'live') {
      await settle();
      engine.answer();
    }
    expect(stuck.received).toHaveLength(10);
    stuck.subscription.unsubscribe();
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
