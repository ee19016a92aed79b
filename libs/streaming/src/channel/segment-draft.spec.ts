import { SegmentDraft } from './segment-draft.js';
import { SEGMENT_BYTES, type SequencedFrame } from './segment.js';

const frame = (sequence: number, length: number): SequencedFrame => ({
  sequence,
  bytes: Buffer.alloc(length),
  isGap: false,
});

describe('SegmentDraft', () => {
  it('takes what fits, to the byte', () => {
    const draft = new SegmentDraft();
    expect(draft.add(frame(1, 1000))).toBe(true);
    expect(draft.add(frame(2, SEGMENT_BYTES - 999))).toBe(false);
    expect(draft.add(frame(3, SEGMENT_BYTES - 1000))).toBe(true);
    expect(draft.add(frame(4, 1))).toBe(false);
    const segment = draft.join(9);
    expect([segment.frames, segment.bytes.length, segment.through]).toEqual([2, SEGMENT_BYTES, 9]);
  });

  it('takes one larger frame', () => {
    const draft = new SegmentDraft();
    expect(draft.add(frame(1, SEGMENT_BYTES + 1))).toBe(true);
    expect(draft.add(frame(2, 0))).toBe(false);
    expect(draft.join(1).frames).toBe(1);
  });
});
