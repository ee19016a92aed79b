import { DEFAULT_FORMAT, storedMessage } from '../frames/message.fixture.js';
import type { DroppedMessage } from '../hub/drop-report.js';
import { LogEntry } from '../log/log-entry.js';
import { EntryEncoder, type EncodedForm } from './entry-encoder.js';

const MIB = 1024 * 1024;
const FORMAT = { ...DEFAULT_FORMAT, maxEventBytes: 2 * MIB };

const entryOf = (sequence: number, payload = '1'): LogEntry =>
  new LogEntry(storedMessage(payload, { sequence }));
const encoderOf = (form?: EncodedForm): EntryEncoder =>
  new EntryEncoder(FORMAT, 'orders.', { form });

describe('EntryEncoder', () => {
  it('encodes a message once as an event and once as an initial value', () => {
    const encoder = new EntryEncoder(FORMAT, 'orders.');
    const entry = entryOf(5);
    const [event, initial] = [encoder.encode(entry), encoder.encodeInitial(entry)];
    expect(event?.bytes.toString()).toMatch(
      /^event: message\ndata: \{"topic":"new",.*\nid: 5\n\n$/,
    );
    expect(initial?.bytes.toString()).toMatch(/"sequence":5\}\n\n$/);
    expect([encoder.encode(entry), encoder.encodeInitial(entry)]).toEqual([event, initial]);
    expect(encoder.encode(entry)).toBe(event);
    expect(encoder.encodeInitial(entry)).toBe(initial);
    expect(encoder.prepare(entry.message).pieces?.tail).toMatch(/\nid: 5\n\n$/);
    expect(event).toMatchObject({ sequence: 5, isGap: false });
  });

  it('forgets what the stream no longer holds, and nothing else', () => {
    const encoder = encoderOf('frame');
    const entries = [1, 2, 3].map((sequence) => entryOf(sequence));
    const encode = () =>
      entries.flatMap((entry) => [encoder.encode(entry), encoder.encodeInitial(entry)]);
    const first = encode();
    encoder.forget(entries.slice(0, 2));
    const second = encode();
    expect(second).toEqual(first);
    expect(second.map((frame, index) => frame === first[index])).toEqual([
      ...[false, false, false, false],
      ...[true, true],
    ]);
    encoder.clear();
    expect(encode().some((frame) => second.includes(frame))).toBe(false);
  });

  it.each([
    [undefined, 16, 4],
    ['frame', 16, 4],
    ['item', 2, 0.5],
  ] as const)('holds a bounded number of bytes of each form: %s', (form, events, initials) => {
    const encoder = encoderOf(form);
    const payload = JSON.stringify('x'.repeat(MIB / 8));
    const heldOf = (encode: (entry: LogEntry) => unknown): number => {
      const entries = Array.from({ length: 200 }, (_, index) => entryOf(index + 1, payload));
      const made = entries.map(encode);
      // From the newest on, since what is made again takes the place of the oldest.
      let held = 0;
      while (held < 200 && encode(entries.at(-1 - held)!) === made.at(-1 - held)) held++;
      return held;
    };
    // A frame is a little larger than its payload.
    expect(heldOf((entry) => encoder.encode(entry))).toBe(8 * events - 1);
    expect(heldOf((entry) => encoder.encodeInitial(entry))).toBe(8 * initials - 1);
  });

  it('bounds what it remembers of messages of which nothing is sent', () => {
    const encoder = encoderOf('item');
    const control = { has: (name: string) => name === 'Nats-Schedule' };
    const asked = jest.fn(() => control);
    const entryOfControl = (sequence: number): LogEntry => {
      const message = storedMessage('1', { sequence });
      return new LogEntry(Object.defineProperty(message, 'headers', { get: asked }));
    };
    const oldest = entryOfControl(1);
    const encode = (entry: LogEntry): number => {
      asked.mockClear();
      expect(encoder.encode(entry)).toBeUndefined();
      return asked.mock.calls.length;
    };
    expect([encode(oldest) > 0, encode(oldest)]).toEqual([true, 0]);
    for (let sequence = 2; sequence <= 10_000; sequence++) encode(entryOfControl(sequence));
    expect(encode(oldest)).toBeGreaterThan(0);
  });

  it('tells of what is not delivered', () => {
    const encoder = new EntryEncoder({ ...FORMAT, maxEventBytes: 10 }, 'orders.');
    const told: DroppedMessage[] = [];
    const end = encoder.onDrop((dropped) => told.push(dropped));
    expect(encoder.encode(entryOf(7, '"twelve bytes"'))?.isGap).toBe(true);
    encoder.skip(storedMessage('12', { sequence: 8 }));
    expect(told).toEqual([
      { reason: 'raw_payload', sequence: 7, topic: 'new', size: 14 },
      { reason: 'replay_window', sequence: 8, topic: 'new', size: 2 },
    ]);
    expect(told.map((dropped) => Object.keys(dropped).length)).toEqual([4, 4]);
    end();
    encoder.skip(storedMessage('12', { sequence: 9 }));
    expect(told).toHaveLength(2);
  });
});
