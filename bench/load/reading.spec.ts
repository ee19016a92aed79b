import fc from 'fast-check';
import { FrameScanner } from './frame-scanner.js';
import { NewestId } from './newest-id.js';
import { ResponseReader } from './response-reader.js';

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const FRAMES = [
  '\nevent: connected\nid: 7\ndata: {"topics":["a"]}\n\n',
  ': heartbeat\nid: 8\n\n',
  'event: message\ndata: {"topic":"a","payload":1,"time":"2026-01-01T12:00:00.5Z"}\nid: 9\n\n',
  'event: message\ndata: {"topic":"a","payload":"é","time":"2026-01-01T12:00:01Z"}\nid: 10-99\n\n',
];
const SEEN = [
  [7, true, true, NaN],
  [8, false, false, NaN],
  [9, true, false, Date.parse('2026-01-01T12:00:00.500Z')],
  [10, true, false, Date.parse('2026-01-01T12:00:01Z')],
];

function chunked(body: string): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
}

/** Passes bytes in pieces, each in the same buffer, like the reads of a socket. */
function feed(reader: ResponseReader, bytes: Buffer, cuts: readonly number[]): void {
  const buffer = Buffer.alloc(64 * 1024);
  const places = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])];
  places.sort((a, b) => a - b);
  for (const [index, from] of places.entries()) {
    const to = places[index + 1];
    if (to === undefined) return;
    bytes.copy(buffer, 0, from, to);
    reader.read(buffer, to - from);
  }
}

describe('the counting reader', () => {
  const response = Buffer.concat([
    Buffer.from(HEAD),
    ...FRAMES.map(chunked),
    Buffer.from('0\r\n\r\n'),
  ]);

  it('counts every frame, ID and time, however the bytes are split', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (cuts) => {
        const seen: unknown[] = [];
        const scanner = new FrameScanner({ frame: (...frame) => seen.push(frame) });
        const reader = new ResponseReader(scanner);
        feed(reader, response, cuts);
        expect(reader.status).toBe(200);
        expect(reader.isOver).toBe(true);
        expect(reader.bodyBytes).toBe(Buffer.byteLength(FRAMES.join('')));
        expect(seen).toEqual(SEEN);
      }),
    );
  });

  it('finds the newest ID without parsing each frame, however the bytes are split', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (cuts) => {
        let newest = -1;
        const reader = new ResponseReader(new NewestId((id) => (newest = id)));
        feed(reader, response, cuts);
        expect(newest).toBe(10);
      }),
    );
  });

  it('accepts an ID that comes before the data', () => {
    let newest = -1;
    const body = Buffer.from('id: 41\nevent: message\ndata: {}\n\nid: 42\ndata: {}\n\n');
    new NewestId((id) => (newest = id)).body(body, 0, body.length);
    expect(newest).toBe(42);
  });
});
