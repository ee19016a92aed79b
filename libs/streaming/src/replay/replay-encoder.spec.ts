import { EntryEncoder } from '../channel/entry-encoder.js';
import { SEGMENT_BYTES } from '../channel/segment.js';
import { encodeFrame } from '../frames/encode-frame.js';
import { DEFAULT_FORMAT, storedMessage } from '../frames/message.fixture.js';
import { ReplayEncoder } from './replay-encoder.js';

describe('ReplayEncoder', () => {
  const entries = new EntryEncoder({ ...DEFAULT_FORMAT, maxEventBytes: 2 * SEGMENT_BYTES }, '');
  const message = (sequence: number, bytes: number): ReturnType<typeof storedMessage> =>
    storedMessage(JSON.stringify('é'.repeat(bytes / 2)), { sequence });
  const expected = (message: ReturnType<typeof storedMessage>): Buffer =>
    encodeFrame(message, message.subject, entries.format).bytes ?? Buffer.alloc(0);

  it('joins the frames of a pull without a copy, and reaches the requested position', () => {
    const messages = [message(3, 10), message(5, 200), message(9, 2)];
    const [segment, ...others] = new ReplayEncoder(entries).encode(messages, 12, true);
    expect(others).toEqual([]);
    expect(segment?.bytes).toEqual(Buffer.concat(messages.map(expected)));
    expect(segment?.skip(1).take(1).bytes).toEqual(expected(message(5, 200)));
    expect([segment?.frames, segment?.sequenceAt(1), segment?.through]).toEqual([3, 5, 12]);
  });

  it('does not overwrite bytes that are being sent', () => {
    const encoder = new ReplayEncoder(entries);
    const [first] = encoder.encode([message(1, 50)], 1, true);
    const bytes = Buffer.from(first?.bytes ?? '');
    const [second] = encoder.encode([message(2, 80)], 2, false);
    expect(first?.bytes).toEqual(bytes);
    const [third] = encoder.encode([message(3, 20)], 3, true);
    expect(third?.bytes.buffer).toBe(second?.bytes.buffer);
  });

  it('splits where a block is full, and gives a larger frame its own block', () => {
    const sizes = [SEGMENT_BYTES / 2, SEGMENT_BYTES / 4, SEGMENT_BYTES / 2, 1.5 * SEGMENT_BYTES, 4];
    const messages = sizes.map((bytes, index) => message(index + 1, bytes));
    const segments = new ReplayEncoder(entries).encode(messages, 9, true);
    expect(segments.map(({ frames }) => frames)).toEqual([2, 1, 1, 1]);
    expect(segments.map(({ through }) => through)).toEqual([2, 3, 4, 9]);
    expect(Buffer.concat(segments.map(({ bytes }) => bytes))).toEqual(
      Buffer.concat(messages.map(expected)),
    );
  });

  it('returns an empty segment for a pull without frames', () => {
    const [segment] = new ReplayEncoder(entries).encode([], 7, true);
    expect([segment?.frames, segment?.through, segment?.bytes.length]).toEqual([0, 7, 0]);
  });
});
