import { HubMapping } from '../mapping/hub-mapping.js';
import type { MessageMapper } from '../mapping/message-mapper.interface.js';
import { ChannelRig, FORMAT, RecordingMember, nextTick, sequencesOf } from './channel.fixture.js';
import type { EntryEncoder } from './entry-encoder.js';

let rig: ChannelRig;
beforeEach(async () => {
  rig = await ChannelRig.start();
});
afterEach(() => rig.stop());

function mapping(name: string, map: MessageMapper['map'] = (message) => message): HubMapping {
  const made = new HubMapping({ name, path: `/${name}` }, FORMAT);
  made.use({ map });
  return made;
}

describe('the encoders of a set of channels', () => {
  it('are shared by what is encoded alike', () => {
    const { channels } = rig;
    const encoder = channels.encoder(FORMAT);
    const raw = channels.encoder({ ...FORMAT, payload: 'raw' });
    const items = channels.encoder(FORMAT, 'item');
    const [one, other] = [mapping('one'), mapping('other')];
    const mapped = [one, other].map((each) => channels.encoder(FORMAT, 'frame', each));
    expect(channels.encoder({ ...FORMAT }, 'frame')).toBe(encoder);
    expect(channels.encoder(FORMAT, 'frame', one)).toBe(mapped[0]);
    expect(channels.encoder(FORMAT, 'item')).toBe(items);
    expect(new Set([encoder, raw, items, ...mapped]).size).toBe(5);
    expect(items.prepare(stored()).pieces?.head).toMatch(/^,\{/);
  });

  it('tell of a drop once for each format', () => {
    const control = (): void => {
      rig.stream.put('shop.a', { 'Nats-Schedule': '@every 1s' });
    };
    control();
    const { channels } = rig;
    const told: string[] = [];
    const listen = (name: string, encoder: EntryEncoder): EntryEncoder => {
      encoder.onDrop(({ topic, sequence }) => told.push(`${name} ${topic} ${sequence}`));
      return encoder;
    };
    const frames = listen('frames', channels.encoder(FORMAT));
    const items = channels.encoder(FORMAT, 'item');
    const raw = listen('raw', channels.encoder({ ...FORMAT, payload: 'raw' }));
    const { message } = rig.log.messages.last!;
    items.prepare(message);
    expect(told).toEqual(['frames a 1']);
    for (const encoder of [frames, raw]) encoder.prepare(message);
    expect(told).toEqual(['frames a 1', 'raw a 1']);
  });

  function stored() {
    rig.store('a');
    return rig.log.messages.last!.message;
  }
});

describe('a channel', () => {
  it('is shared by all that want the same topics in one format, until the last is gone', () => {
    const channel = rig.acquire('a', 'b');
    const topics = ['b', 'a'];
    expect(rig.channels.acquire(topics, channel.encoder)).toBe(channel);
    expect(topics).toEqual(['b', 'a']);
    const others = [rig.acquire('a'), rig.acquire('ab')];
    others.push(rig.channels.acquire(['a', 'b'], rig.channels.encoder(FORMAT, 'item')));
    expect([new Set([channel, ...others]).size, rig.channels.size]).toEqual([4, 4]);
    expect(rig.changes).toBe(4);
    rig.channels.release(channel);
    expect([rig.acquire('b', 'a') === channel, rig.changes]).toEqual([true, 4]);
    rig.channels.release(channel);
    rig.channels.release(channel);
    expect([rig.channels.size, rig.changes]).toEqual([3, 5]);
    rig.channels.release(channel);
    expect([rig.channels.size, rig.changes]).toEqual([3, 5]);
    expect(rig.acquire('a', 'b')).not.toBe(channel);
  });

  it('gets nothing and holds nothing once it is released', async () => {
    rig.store('a');
    const channel = rig.acquire('a');
    const member = new RecordingMember();
    expect(sequencesOf(channel.after(0))).toEqual([1]);
    channel.join(member, 1);
    rig.channels.release(channel);
    expect(rig.channels.cachedBytes).toBe(0);
    rig.store('a');
    await nextTick();
    expect(member.segments).toEqual([]);
  });
});

describe('the flush of a set of channels', () => {
  const join = (...topics: string[]): RecordingMember => {
    const member = new RecordingMember();
    rig.acquire(...topics).join(member, rig.log.position.sequence);
    return member;
  };

  it('comes once a tick, for all channels', async () => {
    const members = [join('a'), join('b'), join('a', 'b')];
    rig.changes = 0;
    for (const topic of ['a', 'b', 'a']) rig.store(topic);
    expect(rig.changes).toBe(0);
    await nextTick();
    expect(members.map(({ sequences }) => sequences)).toEqual([[1, 3], [2], [1, 2, 3]]);
    expect(members.map(({ segments }) => segments.length)).toEqual([1, 1, 1]);
    await nextTick();
    expect(rig.changes).toBe(1);
    rig.store('a');
    await nextTick();
    expect([members[0]?.sequences, rig.changes]).toEqual([[1, 3, 4], 2]);
  });

  it('may come before the end of the tick', async () => {
    const member = join('a');
    rig.changes = 0;
    rig.store('a');
    rig.channels.flush();
    expect(member.sequences).toEqual([1]);
    await nextTick();
    expect(rig.changes).toBe(1);
    rig.store('a');
    await nextTick();
    expect([member.sequences, rig.changes]).toEqual([[1, 2], 2]);
  });

  it('comes after 4096 messages at the latest, so that the window stays bounded', async () => {
    rig.stop();
    rig = await ChannelRig.start({ window: { maxMessages: 10, maxBytes: 1e9 } });
    const member = join('a');
    const store = (count: number): void => {
      for (let i = 0; i < count; i++) rig.store('a');
    };
    store(4095);
    expect([member.segments, rig.log.messages.messages]).toEqual([[], 4095]);
    store(1);
    expect([member.sequences.length, rig.log.messages.messages]).toEqual([4096, 10]);
    store(4095);
    expect(member.sequences).toHaveLength(4096);
    store(1);
    expect(member.sequences).toHaveLength(8192);
    store(4000);
    await nextTick();
    store(4000);
    expect(member.sequences).toHaveLength(12_192);
  });

  it('evicts at the end of a tick, also while no channel is in use', async () => {
    rig.stop();
    rig = await ChannelRig.start({ window: { maxMessages: 3, maxBytes: 1e9 } });
    for (let i = 0; i < 8; i++) rig.store('a');
    expect(rig.log.messages.messages).toBe(8);
    await nextTick();
    expect(rig.log.messages.messages).toBe(3);
  });

  it('does not come after the end', async () => {
    const member = join('a');
    rig.changes = 0;
    rig.store('a');
    rig.channels.close();
    rig.store('a');
    await nextTick();
    expect([member.segments, rig.changes]).toEqual([[], 0]);
    rig.channels.close();
  });
});

describe('what channels share of a stream', () => {
  it('goes with the message', () => {
    const map = jest.fn<undefined, []>(() => undefined);
    const encoder = rig.channels.encoder(FORMAT, 'frame', mapping('one', map));
    for (const topic of ['a', 'b']) rig.store(topic);
    const entries = [1, 2].map((sequence) => rig.log.messages.at(sequence)!);
    const encode = (): number => {
      for (const entry of entries) expect(encoder.encode(entry)).toBeUndefined();
      return map.mock.calls.length;
    };
    expect([encode(), encode()]).toEqual([2, 2]);
    rig.rollUp('b');
    expect([encode(), encode()]).toEqual([3, 3]);
    rig.channels.close();
    rig.rollUp('a');
    expect(encode()).toBe(3);
  });

  it('is delivered before another stream takes its place', () => {
    const member = new RecordingMember();
    rig.acquire('a').join(member, 0);
    rig.store('a');
    rig.log.reset('stream_recreated');
    expect(member.sequences).toEqual([1]);
    expect(member.segments[0]?.through).toBe(1);
  });

  it('goes with the stream, when live members have what came of it', async () => {
    const channel = rig.acquire('a');
    const told: number[] = [];
    channel.encoder.onDrop(({ sequence }) => told.push(sequence));
    const member = new RecordingMember();
    channel.join(member, 0);
    rig.store('a', '"old"');
    rig.store('a', JSON.stringify('x'.repeat(FORMAT.maxEventBytes!)));
    const old = channel.after(0).bytes.toString();
    rig.store('a', '"last"');
    rig.stream.recreate();
    while (rig.log.generation === 1) await nextTick();
    expect([member.sequences, told, rig.channels.cachedBytes]).toEqual([[1, 2, 3], [2], 0]);
    expect(member.segments.at(-1)?.through).toBe(3);
    rig.store('a', '"new"');
    rig.store('a', JSON.stringify('x'.repeat(FORMAT.maxEventBytes!)));
    const recent = channel.after(0).bytes.toString();
    expect([old, recent].map((text) => /"(old|new)"/.exec(text)?.[1])).toEqual(['old', 'new']);
    expect(told).toEqual([2, 2]);
  });
});
