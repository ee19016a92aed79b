import { ChannelRig, FORMAT, RecordingMember, nextTick, sequencesOf } from './channel.fixture.js';

describe('catching up with a channel', () => {
  let rig: ChannelRig;
  const start = async (maxMessages = 5000): Promise<void> => {
    rig = await ChannelRig.start({ window: { maxMessages, maxBytes: 1e9 } });
  };
  beforeEach(() => start());
  afterEach(() => rig.stop());

  const store = (topic: string, count: number): void => {
    for (let i = 0; i < count; i++) rig.store(topic);
  };

  it.each([1023, 1024, 1025])('visits 1024 messages at a time: %d', (count) => {
    store('a', count);
    store('b', 10);
    const segment = rig.acquire('a').after(0);
    const isWhole = count < 1024;
    expect([segment.frames, segment.through]).toEqual(isWhole ? [count, count + 10] : [1024, 1024]);
  });

  it('passes over messages of which nothing is sent', () => {
    store('a', 1);
    for (let i = 0; i < 1100; i++) rig.stream.put('shop.a', { 'Nats-Schedule': '@every 1s' });
    store('a', 1);
    const channel = rig.acquire('a');
    const [first, rest] = [channel.after(0), channel.after(1024)];
    expect([sequencesOf(first), first.through]).toEqual([[1], 1024]);
    expect([sequencesOf(rest), rest.through]).toEqual([[1102], 1102]);
  });

  it('ends a segment before the message that no longer fits', () => {
    const large = 'x'.repeat(100_000);
    for (const topic of ['a', 'b', 'a', 'b', 'a', 'b']) rig.store(topic, large);
    const channel = rig.acquire('a');
    const [first, rest] = [channel.after(0), channel.after(3)];
    expect([sequencesOf(first), first.through]).toEqual([[1, 3], 3]);
    expect([sequencesOf(rest), rest.through]).toEqual([[5], 6]);
  });

  it('encodes at most 256 KiB of payloads for one segment, however small their frames', () => {
    // Too large once its line ends are escaped: a gap.
    const payload = '\n'.repeat(250_000);
    for (let i = 0; i < 3; i++) rig.store('a', payload);
    const channel = rig.acquire('a');
    const segment = channel.after(0);
    expect([sequencesOf(segment), segment.through]).toEqual([[1], 1]);
    expect(segment.bytes.toString()).toContain('event: gap');
    store('b', 1);
    expect(channel.after(2).through).toBe(4);
  });

  it('delivers what waits to the live members first, which do not wait for the reader', () => {
    const channel = rig.acquire('a');
    const member = new RecordingMember();
    channel.join(member, 0);
    store('a', 2);
    expect(sequencesOf(channel.after(0))).toEqual([1, 2]);
    expect(member.sequences).toEqual([1, 2]);
  });

  it('has the same bytes for all at one cursor', () => {
    store('a', 3);
    const channel = rig.acquire('a');
    const first = channel.after(1);
    expect(channel.after(1)).toBe(first);
    expect(sequencesOf(channel.after(2))).toEqual([3]);
    expect(rig.channels.cachedBytes).toBeGreaterThan(first.bytes.length);
    channel.close();
    expect(rig.channels.cachedBytes).toBe(0);
  });

  it('remembers no cursor after which nothing is due', () => {
    store('b', 3);
    const channel = rig.acquire('a');
    expect([channel.after(0).frames, rig.channels.cachedBytes]).toEqual([0, 0]);
  });

  it('sends nothing again that the stream has removed since', () => {
    for (const topic of ['a', 'b', 'a', 'c']) rig.store(topic);
    const [some, others] = [rig.acquire('a', 'b'), rig.acquire('b', 'c')];
    const kept = others.after(0);
    expect(sequencesOf(some.after(0))).toEqual([1, 2, 3]);
    rig.rollUp('a');
    expect(sequencesOf(some.after(0))).toEqual([2, 5]);
    // Nothing of it was removed.
    expect(others.after(0)).toBe(kept);
    rig.rollUp('b');
    expect(sequencesOf(others.after(0))).toEqual([4, 6]);
  });

  describe('a quiet position', () => {
    it('is the newest that no message of the channel follows', () => {
      store('a', 2);
      store('b', 3);
      const channel = rig.acquire('a');
      expect([0, 1, 2, 4].map((position) => channel.quietThrough(position))).toEqual([0, 1, 5, 5]);
      // Of a client that is ahead of this process.
      expect(channel.quietThrough(9)).toBe(9);
    });

    it('stays what it is if memory cannot tell', async () => {
      rig.stop();
      await start(2);
      store('a', 1);
      store('b', 5);
      rig.channels.flush();
      const channel = rig.acquire('a');
      expect([channel.quietThrough(0), channel.quietThrough(1)]).toEqual([0, 6]);
    });

    it('may be that of the initial values', async () => {
      store('a', 2);
      const channel = rig.acquire('a');
      expect(channel.initial).toBe(channel.initial);
      expect([channel.initial.position, channel.quietThrough(2)]).toEqual([2, 2]);
      store('b', 2);
      expect(channel.quietThrough(2)).toBe(4);
      expect([channel.initial.position, channel.quietThrough(2)]).toEqual([2, 4]);
      expect([channel.quietThrough(1), channel.quietThrough(0)]).toEqual([1, 0]);
      store('a', 1);
      await nextTick();
      expect([channel.quietThrough(2), channel.quietThrough(5)]).toEqual([2, 5]);
    });
  });

  it('releases its initial values when it is closed', () => {
    store('a', 2);
    const channel = rig.acquire('a');
    const through = channel.initial.position;
    channel.initial.after({ cursor: 0, through, notBeforeNanos: undefined });
    expect(rig.channels.cachedBytes).toBeGreaterThan(0);
    channel.close();
    expect(rig.channels.cachedBytes).toBe(0);
  });

  it('uses the encoder that it was acquired with', () => {
    store('a', 1);
    const raw = rig.channels.encoder({ ...FORMAT, payload: 'raw' });
    const text = rig.channels.acquire(['a'], raw).after(0).bytes.toString();
    expect(text).toBe('event: message\ndata: 1\nid: 1\n\n');
  });
});
