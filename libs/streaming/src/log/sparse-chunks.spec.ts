import { storedMessage } from '../frames/message.fixture.js';
import { LogEntry } from './log-entry.js';
import { SparseChunks } from './sparse-chunks.js';

const CHUNK_BYTES = 64 * 1024;

/** Entries whose payloads are views of one chunk, as a socket reads them. */
function entriesOfOneChunk(count: number): LogEntry[] {
  const chunk = new Uint8Array(CHUNK_BYTES).map((_, i) => i);
  return Array.from({ length: count }, (_, i) => {
    const view = chunk.subarray(i * 300, i * 300 + 200);
    return new LogEntry(storedMessage('', { sequence: i + 1, data: view }));
  });
}

it('copies the few entries of a chunk, and leaves those that fill it where they are', () => {
  const chunks = new SparseChunks();
  const few = entriesOfOneChunk(3);
  const many = entriesOfOneChunk(200);
  const before = few.map(({ message }) => ({ ...message, data: [...message.data] }));
  for (const entry of [...few, ...many, ...entriesOfOneChunk(1)]) chunks.add(entry);
  const bytes = (entries: LogEntry[]): number[] =>
    entries.map(({ message }) => message.data.buffer.byteLength);
  expect(bytes(few)).toEqual([200, 200, 200]);
  expect(few.map(({ message }) => ({ ...message, data: [...message.data] }))).toEqual(before);
  expect(new Set(bytes(many))).toEqual(new Set([CHUNK_BYTES]));
});

it('leaves a message alone that came by itself', () => {
  const chunks = new SparseChunks();
  const [one, two] = ['{}', '[]'].map((payload) => new LogEntry(storedMessage(payload)));
  const data = one?.message.data;
  for (const entry of [one, two]) if (entry !== undefined) chunks.add(entry);
  expect(one?.message.data).toBe(data);
});
