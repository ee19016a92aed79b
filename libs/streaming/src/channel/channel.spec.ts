import { inflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { Channel, LiveMember } from './channel.js';
import { ChannelRig, RecordingMember, nextTick, sequencesOf } from './channel.fixture.js';
import { SEGMENT_BYTES, type Segment } from './segment.js';

let rig: ChannelRig;
beforeEach(async () => {
  rig = await ChannelRig.start();
});
afterEach(() => rig.stop());

describe('a live member', () => {
  let channel: Channel;
  beforeEach(() => {
    channel = rig.acquire('a');
  });

  it('gets the messages of a tick at its end, joined', async () => {
    const member = new RecordingMember();
    expect(channel.join(member, 0)).toBe(true);
    for (const topic of ['a', 'b', 'a', 'b']) rig.store(topic);
    expect([member.segments, channel.position]).toEqual([[], 0]);
    await nextTick();
    expect(member.segments.map(sequencesOf)).toEqual([[1, 3]]);
    expect([member.segments[0]?.through, channel.position]).toEqual([4, 4]);
    expect(rig.flushes).toEqual([[1, 3]]);
    rig.store('b');
    await nextTick();
    expect([member.segments.length, channel.position, rig.flushes.length]).toEqual([1, 5, 1]);
  });

  it('joins at the position of those that are live', () => {
    const [first, second] = [new RecordingMember(), new RecordingMember()];
    channel.join(first, 0);
    rig.store('a');
    // What waits for the end of the tick is already in the window.
    expect(channel.join(second, 0)).toBe(false);
    expect(first.sequences).toEqual([1]);
    expect([channel.join(second, 1), channel.size]).toEqual([true, 2]);
    expect(second.segments).toEqual([]);
  });

  it('needs one flush a tick, and none while nobody is live', () => {
    const entry = () => {
      rig.store('b');
      return rig.log.messages.last!;
    };
    expect(channel.offer(entry())).toBe(false);
    const member = new RecordingMember();
    channel.join(member, 1);
    expect([channel.offer(entry()), channel.offer(entry())]).toEqual([true, false]);
    channel.leave(member);
    channel.flush();
    expect([member.segments, channel.position, rig.flushes]).toEqual([[], 3, []]);
  });

  it('leaves what waits to the others', async () => {
    const [stays, goes] = [new RecordingMember(), new RecordingMember()];
    for (const member of [stays, goes]) channel.join(member, 0);
    rig.store('a');
    channel.leave(goes);
    channel.leave(goes);
    await nextTick();
    expect([stays.sequences, goes.sequences, channel.size]).toEqual([[1], [], 1]);
  });
});

describe('compressing members', () => {
  const text = (segment: Segment | undefined): string =>
    segment?.shared === undefined
      ? ''
      : inflateRawSync(
          Buffer.concat([segment.shared.after({ offset: 0, crc: 0 }), Buffer.from([3, 0])]),
        ).toString();
  const offsets = (segment: Segment | undefined) =>
    segment?.shared && [segment.shared.start.offset, segment.shared.end.offset];

  let channel: Channel;
  const send = async (): Promise<Segment | undefined> => {
    rig.store('a');
    await nextTick();
    return plain.segments.at(-1);
  };
  let plain: RecordingMember;
  beforeEach(() => {
    channel = rig.acquire('a');
    plain = new RecordingMember();
    channel.join(plain, 0);
  });

  it('share each write, and what was written before it', async () => {
    expect((await send())?.shared).toBeUndefined();
    const [one, other] = [new RecordingMember(true), new RecordingMember(true)];
    for (const member of [one, other, one]) expect(channel.join(member, 1)).toBe(true);
    const first = await send();
    expect(text(first)).toBe(first?.bytes.toString());
    const { length } = first!.bytes;
    expect(offsets(first)).toEqual([0, length]);
    expect(offsets(await send())).toEqual([length, 2 * length]);
    channel.leave(one);
    channel.leave(plain);
    channel.join(plain, 3);
    expect(offsets(await send())).toEqual([2 * length, 3 * length]);
    channel.leave(other);
    expect((await send())?.shared).toBeUndefined();
    channel.join(one, 5);
    expect(offsets(await send())).toEqual([0, length]);
  });

  it('are told of no write that has no bytes', async () => {
    channel.join(new RecordingMember(true), 0);
    rig.stream.put('shop.a', { 'Nats-Schedule': '@every 1s' });
    await nextTick();
    const [segment] = plain.segments;
    expect([segment?.frames, segment?.through, segment?.shared]).toEqual([0, 1, undefined]);
  });
});

/** A session without a socket: catches up from memory, and may leave while it is served. */
class Follower implements LiveMember {
  readonly isCompressed = false;
  readonly received: Buffer[] = [];
  private isLive = false;

  constructor(
    private readonly channel: Channel,
    private readonly from: number,
    private readonly isWanted: (topic: string) => boolean,
    private segmentsToGo: number,
  ) {
    this.cursor = from;
  }

  cursor: number;

  start(): void {
    while (!this.channel.join(this, this.cursor)) this.take(this.channel.after(this.cursor));
    this.isLive = true;
  }

  deliver(segment: Segment): void {
    expect(this.isLive).toBe(true);
    this.take(segment);
    if (--this.segmentsToGo === 0) this.leave();
  }

  leave(): void {
    this.isLive = false;
    this.channel.leave(this);
  }

  /** Compares what it has with what it is due. */
  check(rig: ChannelRig, isLast = false): void {
    const { channel, cursor, from, isWanted } = this;
    if (this.isLive) expect(channel.position).toBeGreaterThanOrEqual(cursor);
    const through = this.isLive ? channel.position : cursor;
    const due = rig.due(isWanted, from, through);
    expect(lengthOf(this.received)).toBe(lengthOf(due));
    if (isLast) expect(Buffer.concat(this.received).equals(Buffer.concat(due))).toBe(true);
  }

  private take(segment: Segment): void {
    expect(segment.through).toBeGreaterThan(this.cursor);
    if (segment.frames > 1) expect(segment.bytes.length).toBeLessThanOrEqual(SEGMENT_BYTES);
    this.cursor = segment.through;
    this.received.push(segment.bytes);
  }
}

const lengthOf = (parts: readonly Buffer[]): number =>
  parts.reduce((sum, part) => sum + part.length, 0);

const SETS: readonly (readonly string[])[] = [['a'], ['b', 'a'], ['*'], ['c', 'b.*']];
const isIn =
  (topics: readonly string[]) =>
  (topic: string): boolean =>
    topics.includes(topic) ||
    (topics.includes('*') && !topic.includes('.')) ||
    (topics.includes('b.*') && topic.startsWith('b.'));

it('serves each member every message once and in order, whatever happens when', async () => {
  const steps = fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          topic: fc.constantFrom('a', 'b', 'c', 'b.x'),
          // Some need several segments, and the largest is announced as a gap.
          bytes: fc.constantFrom(1, 10, 90_000, 130_000, 300_000, 500_000),
        }),
      },
      { weight: 1, arbitrary: fc.constant('schedule' as const) },
      { weight: 2, arbitrary: fc.constant('tick' as const) },
      {
        weight: 2,
        arbitrary: fc.record({
          set: fc.constantFrom(...SETS),
          back: fc.nat(8),
          segments: fc.integer({ min: 1, max: 6 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ leave: fc.nat(5) }) },
    ),
    { minLength: 5, maxLength: 50, size: 'max' },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const own = await ChannelRig.start();
      const followers: Follower[] = [];
      for (const step of script) {
        if (step === 'tick') await nextTick();
        else if (step === 'schedule') own.stream.put('shop.a', { 'Nats-Schedule': '@every 1s' });
        else if ('topic' in step) own.store(step.topic, 'x'.repeat(step.bytes));
        else if ('leave' in step) followers[step.leave]?.leave();
        else {
          const from = Math.max(0, own.log.position.sequence - step.back);
          const channel = own.acquire(...step.set);
          const follower = new Follower(channel, from, isIn(step.set), step.segments);
          followers.push(follower);
          follower.start();
        }
        for (const follower of followers) follower.check(own);
      }
      await nextTick();
      for (const follower of followers) follower.check(own, true);
      own.stop();
    }),
    { numRuns: 60 },
  );
});
