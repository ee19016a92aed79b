import { inflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { SEGMENT_BYTES, Segment, joinFrames, type SequencedFrame } from './segment.js';

const frame = (sequence: number, length = 3, isGap = false): SequencedFrame => ({
  sequence,
  bytes: Buffer.alloc(length, String(sequence)),
  isGap,
});

describe('Segment', () => {
  it('joins frames and reaches further than the last of them', () => {
    const segment = Segment.join([frame(1), frame(5)], 9);
    expect(segment).toMatchObject({ kind: 'segment', frames: 2, through: 9 });
    expect(segment.bytes.toString()).toBe('111555');
  });

  it('takes and skips without a copy, and each part knows its cursor', () => {
    const segment = Segment.join([frame(1), frame(5), frame(7)], 9);
    const [head, rest] = [segment.take(2), segment.skip(2)];
    expect([head.bytes.toString(), head.through]).toEqual(['111555', 5]);
    expect([rest.bytes.toString(), rest.through, rest.frames]).toEqual(['777', 9, 1]);
    expect(head.bytes.buffer).toBe(segment.bytes.buffer);
    expect(segment.skip(1).take(1).bytes.toString()).toBe('555');
    expect(segment.skip(1).sequenceAt(0)).toBe(5);
    expect(segment.take(3)).toBe(segment);
    expect(segment.skip(3).frames).toBe(0);
    expect([segment.take(0).frames, segment.take(0).through]).toEqual([0, 0]);
  });

  it('sends a single frame as it is', () => {
    const only = frame(4);
    expect(Segment.join([only], 4).bytes).toBe(only.bytes);
  });

  it('takes one more frame, which reaches as far as it says', () => {
    const last = { ...frame(12, 2, true), bytes: Buffer.from('!!') };
    const whole = Segment.join([frame(1), frame(5), frame(7)], 9)
      .skip(1)
      .with(last);
    expect([whole.bytes.toString(), whole.through]).toEqual(['555777!!', 12]);
    expect([whole.frames, whole.messages, whole.take(2).through]).toEqual([3, 2, 7]);
    expect(whole.skip(2).bytes.toString()).toBe('!!');
    expect(Segment.join([], 9).with(last).bytes).toBe(last.bytes);
  });

  it('knows its messages, and tells gaps apart', () => {
    const segment = Segment.join([frame(1), frame(5, 3, true), frame(7)], 9);
    expect([0, 1, 2, 3].map((index) => segment.isGapAt(index))).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect([segment.messages, segment.skip(1).messages, segment.take(1).messages]).toEqual([
      2, 1, 1,
    ]);
    expect(segment.skip(1).isGapAt(0)).toBe(true);
    expect([segment.sequenceAt(2), segment.sequenceAt(3)]).toEqual([7, 0]);
    expect(Segment.join([frame(1), frame(2)], 2).messages).toBe(2);
  });

  it('is the same wherever it is cut', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(lengths, fc.nat(9), fc.nat(9), fc.nat(20), (sizes, from, count, cursor) => {
        const frames = sizes.map((size, index) => frame(2 * index + 1, size, index % 3 === 0));
        const cut = frames.slice(from, from + count);
        const part = Segment.join(frames, 50).skip(from).take(count);
        expect([part.frames, part.messages]).toEqual([
          cut.length,
          cut.filter(({ isGap }) => !isGap).length,
        ]);
        expect(part.bytes).toEqual(Buffer.concat(cut.map(({ bytes }) => bytes)));
        cut.forEach((each, index) => {
          expect(part.frameAt(index)).toEqual(each.bytes);
          expect(part.sequenceAt(index)).toBe(each.sequence);
          expect(part.isGapAt(index)).toBe(each.isGap);
        });
        if (from + count >= frames.length) expect(part.through).toBe(50);
        else if (count > 0) expect(part.through).toBe(cut.at(-1)?.sequence);
        const following = part.after(cursor);
        const due = cut.filter(({ sequence }) => sequence > cursor);
        expect(following.bytes).toEqual(Buffer.concat(due.map(({ bytes }) => bytes)));
        if (due.length === cut.length) expect(following).toBe(part);
      }),
    );
  });

  it('is compressed once for all who get it', () => {
    const segment = Segment.join([frame(1, 100)], 1);
    expect(segment.deflated).toBe(segment.deflated);
    const whole = Buffer.concat([segment.deflated, Buffer.from([3, 0])]);
    expect(inflateRawSync(whole)).toEqual(segment.bytes);
  });

  it('may be empty, and still moves the cursor', () => {
    const segment = Segment.join([], 12);
    expect([segment.frames, segment.through, segment.bytes.length]).toEqual([0, 12, 0]);
  });
});

describe('joinFrames', () => {
  it('fills a segment to the byte', () => {
    const framesOf = (...lengths: number[]): number[] =>
      joinFrames(
        lengths.map((length, index) => frame(index, length)),
        9,
      ).map(({ frames }) => frames);
    expect(framesOf(1000, SEGMENT_BYTES - 1000, 1)).toEqual([2, 1]);
    expect(framesOf(1000, SEGMENT_BYTES - 999)).toEqual([1, 1]);
  });

  it('bounds each segment, but for one larger frame, and loses nothing', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: SEGMENT_BYTES + 10 }), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const frames = lengths.map((length, index) => frame(index + 1, length));
        const segments = joinFrames(frames, 100);
        const sent = Buffer.concat(segments.map(({ bytes }) => bytes));
        // `toEqual` compares buffers byte by byte in JavaScript: half a minute for these.
        expect(sent.equals(Buffer.concat(frames.map(({ bytes }) => bytes)))).toBe(true);
        expect(segments.at(-1)?.through).toBe(100);
        for (const segment of segments) {
          if (segment.frames > 1) expect(segment.bytes.length).toBeLessThanOrEqual(SEGMENT_BYTES);
        }
        for (const segment of segments.slice(0, -1)) {
          expect(segment.through).toBe(segment.sequenceAt(segment.frames - 1));
        }
      }),
      { numRuns: 50 },
    );
  });
});
