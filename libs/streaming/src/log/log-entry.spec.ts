import { storedMessage } from '../frames/message.fixture.js';
import { LogEntry, storedMs } from './log-entry.js';
import { tailFilter } from './tail-filter.js';

describe('an entry', () => {
  it('counts its payload, its subject and what it needs itself', () => {
    const entry = new LogEntry(storedMessage('12345', { subject: 'abc' }));
    expect(entry.size).toBe(5 + 3 + 800);
    expect([entry.isGone, entry.subject, entry.sequence]).toEqual([false, 'abc', 12345]);
  });

  it('is independent of the chunk that it was read from once it is detached', () => {
    const chunk = new Uint8Array([1, 2, 3, 4]);
    const message = storedMessage(chunk.subarray(1, 3), { headers: {} as never });
    const entry = new LogEntry(message);
    expect(entry.message).toBe(message);
    entry.detach();
    expect(entry.message).toEqual({ ...message, data: new Uint8Array([2, 3]) });
    expect(entry.message.data.buffer.byteLength).toBe(2);
    chunk.fill(0);
    expect([...entry.message.data]).toEqual([2, 3]);
  });

  it('was stored at a whole millisecond', () => {
    const entry = new LogEntry(storedMessage('x', { timeNanos: 1_999_999n }));
    expect(storedMs(entry)).toBe(1);
  });
});

it.each([
  ['', '>'],
  ['events.', 'events.>'],
  ['a.b.', 'a.b.>'],
  ['a.b-', 'a.>'],
  ['events-', '>'],
])('the tail of the prefix %j reads %j', (prefix, filter) => {
  expect(tailFilter(prefix)).toBe(filter);
});
