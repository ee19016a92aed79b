import type { Channel } from './channel.js';
import { ChannelRig, nextTick, sequencesOf } from './channel.fixture.js';
import { Segment } from './segment.js';

const ALL = { notBeforeNanos: undefined };

describe('the initial values of a channel', () => {
  let rig: ChannelRig;
  let channel: Channel;
  const start = async (maxMessages: number): Promise<void> => {
    rig = await ChannelRig.start({
      window: { maxMessages, maxBytes: 1e9 },
      lastValues: { maxMessages: 100, maxBytes: 1e7 },
    });
    channel = rig.acquire('a', 'b');
  };
  beforeEach(() => start(5000));
  afterEach(() => rig.stop());

  const store = (...topics: string[]): void => topics.forEach((topic) => rig.store(topic));
  /** The values that a client gets that begins now. */
  const begin = (): { values: number[]; through: number } => {
    const through = channel.initial.position;
    const { segment } = channel.initial.after({ cursor: 0, through, ...ALL });
    expect(segment.through).toBe(through);
    return { values: sequencesOf(segment), through };
  };

  it('are the newest message of each topic', () => {
    store('a', 'a', 'b', 'c', 'a');
    expect(begin()).toEqual({ values: [3, 5], through: 5 });
    const text = channel.initial.after({ cursor: 0, through: 5, ...ALL }).segment.bytes.toString();
    // An initial value does not move a cursor.
    expect(text).toMatch(/"sequence":3[^]*"sequence":5/);
    expect(text).not.toContain('id:');
  });

  it('may be none', () => {
    store('c', 'c');
    expect(begin()).toEqual({ values: [], through: 2 });
  });

  it('encode at most 256 KiB of payloads for one part, however small their frames', () => {
    for (const topic of ['a', 'b']) rig.store(topic, '\n'.repeat(250_000));
    const through = channel.initial.position;
    const { segment } = channel.initial.after({ cursor: 0, through, ...ALL });
    expect([segment.frames, segment.through]).toEqual([1, 1]);
  });

  it('have one position while the channel is quiet', () => {
    store('a', 'c');
    expect(begin()).toEqual({ values: [1], through: 2 });
    const { segment } = channel.initial.after({ cursor: 0, through: 2, ...ALL });
    store('c', 'c');
    expect(channel.initial.isQuietAfter(2)).toBe(false);
    expect(begin()).toEqual({ values: [1], through: 2 });
    expect(channel.initial.isQuietAfter(2)).toBe(true);
    expect(channel.initial.isQuietAfter(4)).toBe(false);
    const again = channel.initial.after({ cursor: 0, through: 2, ...ALL });
    expect(again.segment).toBe(segment);
    expect(again.hasReplaced).toBe(false);
    store('b');
    expect(begin()).toEqual({ values: [1, 5], through: 5 });
    expect([2, 5].map((position) => channel.initial.isQuietAfter(position))).toEqual([false, true]);
  });

  it('have a new position when messages followed that left the window', async () => {
    rig.stop();
    await start(2);
    store('a', 'c');
    expect(begin()).toEqual({ values: [1], through: 2 });
    store('a', 'c', 'c', 'c');
    await nextTick();
    expect(begin()).toEqual({ values: [3], through: 6 });
  });

  it('are those of the stream that is read now', async () => {
    store('a', 'b');
    expect(begin()).toEqual({ values: [1, 2], through: 2 });
    rig.stream.recreate();
    store('b', 'a');
    while (rig.log.generation === 1 || rig.log.position.sequence < 2) await nextTick();
    expect(channel.initial.isQuietAfter(2)).toBe(false);
    expect(begin()).toEqual({ values: [1, 2], through: 2 });
    const { segment } = channel.initial.after({ cursor: 0, through: 2, ...ALL });
    expect(segment.bytes.toString()).toMatch(/"topic":"b"[^]*"topic":"a"/);
  });

  it('have a position of the stream that is read now', async () => {
    store('a', 'c', 'c');
    expect(begin().through).toBe(3);
    rig.stream.recreate();
    store('b');
    while (rig.log.generation === 1 || rig.log.position.sequence < 1) await nextTick();
    expect(begin()).toEqual({ values: [1], through: 1 });
  });

  it('come in parts, each of which is shared', () => {
    channel = rig.acquire('a', 'b', 'd', 'e');
    for (const topic of ['a', 'b', 'd', 'e', 'c']) rig.store(topic, 'x'.repeat(100_000));
    const through = channel.initial.position;
    const part = (cursor: number): Segment =>
      channel.initial.after({ cursor, through, ...ALL }).segment;
    expect([sequencesOf(part(0)), part(0).through]).toEqual([[1, 2], 2]);
    expect([sequencesOf(part(2)), part(2).through]).toEqual([[3, 4], 5]);
    expect([sequencesOf(part(3)), part(3).through]).toEqual([[4], 5]);
    expect([part(5).frames, part(5).through]).toEqual([0, 5]);
    for (const cursor of [0, 2, 3]) expect(part(cursor)).toBe(part(cursor));
    channel.close();
    const again = part(0);
    expect(again).toBe(part(0));
  });

  it('leave out what is older than a client wants, for this client alone', () => {
    const [first, second] = ['a', 'b'].map((topic) => {
      rig.store(topic);
      return rig.log.messages.last!.message.timeNanos;
    });
    const through = channel.initial.position;
    const since = (notBeforeNanos: bigint | undefined): number[] =>
      sequencesOf(channel.initial.after({ cursor: 0, through, notBeforeNanos }).segment);
    expect(since(second)).toEqual([2]);
    expect(since(undefined)).toEqual([1, 2]);
    expect([since(first), since(first! + 1n), since(second! + 1n)]).toEqual([[1, 2], [2], []]);
  });

  it('pass over what is not sent when they are cut', () => {
    channel = rig.acquire('a', 'b', 'd', 'e');
    const large = 'x'.repeat(200_000);
    rig.store('a', large);
    rig.stream.put('shop.b', { 'Nats-Schedule': '@every 1s' });
    rig.store('d', large);
    rig.stream.put('shop.e', { 'Nats-Schedule': '@every 1s' });
    const through = channel.initial.position;
    const { segment } = channel.initial.after({ cursor: 0, through, ...ALL });
    expect([sequencesOf(segment), segment.through]).toEqual([[1], 2]);
    expect(channel.initial.after({ cursor: 3, through, ...ALL }).segment.through).toBe(4);
  });

  it('of a client that began earlier are of its position', () => {
    store('a', 'b');
    const { through } = begin();
    store('a');
    expect(begin()).toEqual({ values: [2, 3], through: 3 });
    const older = channel.initial.after({ cursor: 0, through, ...ALL });
    expect([sequencesOf(older.segment), older.segment.through]).toEqual([[1, 2], 2]);
    const fresh = channel.initial.after({ cursor: 0, through: undefined, ...ALL });
    expect([fresh.segment.frames, fresh.segment.through]).toEqual([0, 0]);
    expect(begin()).toEqual({ values: [2, 3], through: 3 });
  });

  it('tell whether one was replaced before it was sent, and share nothing then', async () => {
    rig.stop();
    await start(2);
    store('a', 'b');
    const through = channel.initial.position;
    const read = () => channel.initial.after({ cursor: 0, through, ...ALL });
    store('a');
    await nextTick();
    expect([sequencesOf(read().segment), read().hasReplaced]).toEqual([[2], true]);
    expect(read().segment).not.toBe(read().segment);
    expect(begin()).toEqual({ values: [2, 3], through: 3 });
  });

  it('leave memory with what the stream removes', () => {
    store('a', 'b', 'c');
    expect(begin()).toEqual({ values: [1, 2], through: 3 });
    rig.stream.put('shop.c', { 'Nats-Rollup': 'all' });
    const { segment } = channel.initial.after({ cursor: 0, through: 3, ...ALL });
    expect(segment.frames).toBe(0);
  });

  it('end with one `event: live` for all at a position', () => {
    store('a', 'b');
    const { through } = begin();
    const { segment } = channel.initial.after({ cursor: 0, through, ...ALL });
    const liveFrame = (position: number): Buffer => Buffer.from(`live at ${position}\n`);
    const { initial } = channel;
    const whole = initial.announce(segment, 2, liveFrame);
    expect(whole.bytes.toString()).toBe(`${segment.bytes.toString()}live at 2\n`);
    expect([whole.through, whole.frames, whole.messages]).toEqual([2, 3, 2]);
    expect(initial.announce(segment, 2, liveFrame)).toBe(whole);
    expect(initial.announce(segment, 3, liveFrame).bytes.toString()).toMatch(/live at 3\n$/);
    const rest = initial.after({ cursor: 1, through, ...ALL }).segment;
    expect(initial.announce(rest, 3, liveFrame).messages).toBe(1);
    const before = initial.announce(segment, 2, liveFrame);
    channel.close();
    expect(initial.announce(segment, 2, liveFrame)).not.toBe(before);
  });
});
