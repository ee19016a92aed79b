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
    expect([segment.frames, segment.through, segment.bytes.toString()]).toEqual([2, 9, '111555']);
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

  it('may be empty, and still moves the cursor', () => {
    const segment = Segment.join([], 12);
    expect([segment.frames, segment.through, segment.bytes.length]).toEqual([0, 12, 0]);
  });
});

describe('joinFrames', () => {
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
