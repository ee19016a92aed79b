import { constants, crc32, gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { Segment } from '../channel/segment.js';
import { shiftCrc } from './crc-shift.js';
import { GzipMember } from './gzip-member.js';
import { SharedWrites } from './shared-writes.js';

/** A frame of a typical dashboard, and sometimes bytes that cannot be compressed. */
const plaintext = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 40 }).map((n) => Buffer.from(price(n))) },
  { weight: 3, arbitrary: fc.nat({ max: 300 }).map((n) => Buffer.from(price(n).repeat(n + 1))) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 90_000 })
      .map((bytes) => Buffer.from(bytes)),
  },
);

const step = fc.record({
  kind: fc.constantFrom(
    'shared',
    'shared',
    'shared',
    'join',
    'leave',
    'own',
    'catchUp',
    'cut',
    'end',
  ),
  who: fc.nat({ max: 11 }),
  bytes: plaintext,
  // What the channel believes: decides how much history it keeps and who is worth what.
  members: fc.constantFrom(1, 3, 4, 12, 31, 32, 40),
  // Busy members, which receive nothing or only a part of a shared write.
  busy: fc.nat({ max: 30 }),
  isPart: fc.boolean(),
});

/** Long sequences, because errors depend on data that was written a while ago. */
const history = fc.array(step, { minLength: 1, maxLength: 40, size: 'max' });

function price(n: number): string {
  return `event: message\ndata: {"topic":"prices.eur","payload":{"bid":1.0${n},"n":${n * 7919}}}\nid: ${n}\n\n`;
}

/** Two frames, so that one is a view of the buffer. */
function segmentOf(bytes: Buffer): Segment {
  const half = bytes.length >> 1;
  const frames = [bytes.subarray(0, half), bytes.subarray(half)];
  return Segment.join(
    frames.map((part, index) => ({ sequence: index + 1, bytes: part, isGap: false })),
    2,
  );
}

/** The output of zlib for a stream that is still open. */
const readable = (wire: readonly Buffer[]): Buffer =>
  wire.length === 0
    ? Buffer.alloc(0)
    : gunzipSync(Buffer.concat(wire), { finishFlush: constants.Z_SYNC_FLUSH });

class Client {
  readonly member = new GzipMember();
  readonly wire: Buffer[] = [];
  readonly plain: Buffer[] = [];
  isOver = false;

  constructor(public isLive: boolean) {}

  write(bytes: Buffer, wire: Buffer): void {
    this.plain.push(bytes);
    this.wire.push(wire);
    // At once: what was flushed before stays readable, so the newest write tells for all.
    expect(readable(this.wire).equals(Buffer.concat(this.plain))).toBe(true);
  }

  end(): void {
    this.isOver = true;
    this.wire.push(this.member.end());
    // Throws if the CRC or the length is wrong.
    expect(gunzipSync(Buffer.concat(this.wire)).equals(Buffer.concat(this.plain))).toBe(true);
  }
}

describe('a gzip member of shared and own blocks', () => {
  it('decompresses to what was written, after each write and with its trailer, whatever its members do', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const clients = Array.from({ length: 12 }, (_, n) => new Client(n < 6));
        let writes = new SharedWrites();
        for (const { kind, who, bytes, members, busy, isPart } of steps) {
          const client = clients[who] as Client;
          if (kind === 'shared') {
            const live = clients.filter(({ isLive }) => isLive);
            if (live.length === 0) writes = new SharedWrites();
            const segment = segmentOf(bytes);
            segment.shared = writes.next(bytes, members);
            for (const each of live) {
              if (each !== clients[busy]) each.write(bytes, each.member.segment(segment));
              else if (isPart) {
                const part = segment.take(1);
                each.write(part.bytes, each.member.segment(part));
              }
            }
          }
          if (client.isOver) continue;
          switch (kind) {
            case 'shared':
              break;
            case 'join':
              client.isLive = true;
              break;
            case 'leave':
              client.isLive = false;
              break;
            case 'own':
              client.write(bytes, client.member.own(bytes));
              break;
            case 'catchUp':
              client.write(bytes, client.member.segment(segmentOf(bytes)));
              break;
            case 'cut':
              client.isLive = false;
              client.isOver = true;
              break;
            case 'end':
              client.isLive = false;
              client.end();
          }
        }
        for (const client of clients) if (!client.isOver) client.end();
      }),
    );
  });

  it('is compressed once for all members with the same history', () => {
    const writes = new SharedWrites();
    const members = Array.from({ length: 100 }, () => new GzipMember());
    const wires = Array.from({ length: 200 }, (_, n) => {
      const bytes = Buffer.from(price(n));
      const segment = segmentOf(bytes);
      segment.shared = writes.next(bytes, members.length);
      const all = members.map((member) => member.segment(segment));
      return { bytes, all: new Set(all) };
    });
    // The first write also has each member's header.
    for (const { all } of wires.slice(1)) expect(all.size).toBe(1);
    const [last] = wires
      .slice(-1)
      .map(({ bytes, all }) => bytes.length / ([...all][0]?.length ?? 0));
    expect(last).toBeGreaterThan(2.5);
  });

  it('of many new clients does not change the history of the others', () => {
    const writes = new SharedWrites();
    const write = (members: readonly GzipMember[], n: number): Buffer[] => {
      const segment = segmentOf(Buffer.from(price(n)));
      segment.shared = writes.next(segment.bytes, members.length);
      return members.map((member) => member.segment(segment));
    };
    const old = Array.from({ length: 8 }, () => new GzipMember());
    for (let n = 0; n < 100; n++) write(old, n);
    const newcomer = new GzipMember();
    newcomer.own(Buffer.from(': connected\n\n'));
    const wires = write([...old, newcomer], 101);
    expect(wires[0]?.length).toBeLessThan(60);
    expect(wires[8]?.length).toBeGreaterThan(90);
  });
});

it('extends a CRC over any length as if the bytes were appended', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 5000 }), (a, b) => {
      const joined = crc32(Buffer.concat([a, b]));
      expect((shiftCrc(crc32(a), b.length) ^ crc32(b)) >>> 0).toBe(joined);
    }),
  );
});

it('extends a CRC over more bytes than fit in 32 bits', () => {
  const half = shiftCrc(0x12345678, 2 ** 33 + 5);
  expect(shiftCrc(half, 2 ** 33)).toBe(shiftCrc(0x12345678, 2 ** 34 + 5));
});
