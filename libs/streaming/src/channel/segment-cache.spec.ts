import { FedEngine, settle } from '../session/feed.fixture.js';
import { SegmentCache, type RecentSegment } from './segment-cache.js';
import { Segment } from './segment.js';

const MAX_BYTES = 64 * 1024;

function segment(bytes: number): RecentSegment {
  const frame = { sequence: 1, bytes: Buffer.alloc(bytes), isGap: false };
  return { segment: Segment.join([frame], 1), removals: 0 };
}

describe('SegmentCache', () => {
  it('bounds what entries cost, however small their frames are', () => {
    const cache = new SegmentCache(MAX_BYTES);
    const own = cache.forChannel();
    for (let cursor = 0; cursor < 10_000; cursor++) own.set(cursor, segment(1));
    expect(cache.size).toBeLessThan(MAX_BYTES / 500);
    expect(cache.bytes).toBeLessThanOrEqual(MAX_BYTES);
    expect(own.get(0)).toBeUndefined();
    expect(own.get(9_999)).toBeDefined();
  });

  it('drops what belonged to a channel with the channel, and nothing else', () => {
    const cache = new SegmentCache(MAX_BYTES);
    const [one, other] = [cache.forChannel(), cache.forChannel()];
    one.set(1, segment(100));
    one.set(2, segment(100));
    other.set(1, segment(100));
    one.set(1, segment(200));
    one.clear();
    expect(cache.size).toBe(1);
    expect(other.get(1)).toBeDefined();
    cache.clear();
    expect([cache.size, cache.bytes]).toEqual([0, 0]);
  });
});

it('keeps nothing of clients that asked for invented topics and left', async () => {
  const engine = new FedEngine(100);
  for (let i = 0; i < 50; i++) engine.stream.store('real');
  await engine.start();
  const invent = (request: number): string[] =>
    Array.from({ length: 31 }, (_, i) => `${String(request)}.${String(i)}`.padEnd(250, 'x'));
  const visit = async (requests: number): Promise<void> => {
    for (let request = 0; request < requests; request++) {
      const client = engine.connect(['real', ...invent(request)], 49);
      if (request % 50 === 0) await settle();
      client.subscription.unsubscribe();
    }
  };
  await visit(200);
  expect(engine.channels.cachedBytes).toBe(0);
  expect(engine.channels.size).toBe(0);
  engine.stop();
});
