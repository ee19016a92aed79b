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

  it('counts the bytes of frames twice if they were joined, and something for each frame', () => {
    const costOf = (...lengths: number[]): number => {
      const cache = new SegmentCache(MAX_BYTES);
      const frames = lengths.map((length, sequence) => ({
        sequence,
        bytes: Buffer.alloc(length),
        isGap: false,
      }));
      cache.forChannel().set(0, { segment: Segment.join(frames, 9), removals: 0 });
      return cache.bytes;
    };
    expect(costOf(1000) - costOf(0)).toBe(1000);
    expect(costOf(1000, 2000) - costOf(0, 0)).toBe(6000);
    expect(costOf(0, 0) - costOf(0)).toBeGreaterThan(100);
    expect(costOf(0)).toBeGreaterThan(500);
  });

  it('is filled to the byte', () => {
    const probe = new SegmentCache(MAX_BYTES);
    probe.forChannel().set(0, segment(10));
    const sizeWith = (maxBytes: number): number => {
      const cache = new SegmentCache(maxBytes);
      const own = cache.forChannel();
      for (const cursor of [1, 2, 3]) own.set(cursor, segment(10));
      return cache.size;
    };
    expect([0, -1].map((more) => sizeWith(2 * probe.bytes + more))).toEqual([2, 1]);
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
