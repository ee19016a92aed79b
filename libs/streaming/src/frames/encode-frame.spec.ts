import type { StreamMessage } from '@nuts/nats';
import { headers as emptyHeaders } from 'nats';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import { encodeFrame, prepareFrame } from './encode-frame.js';
import { parseEventStream } from './event-stream.fixture.js';
import { DEFAULT_FORMAT, storedMessage } from './message.fixture.js';

/** Headers as the client library decodes them, repeated names included. */
function natsHeaders(...pairs: [string, string][]): StreamMessage['headers'] {
  const headers = emptyHeaders();
  for (const [name, value] of pairs) headers.append(name, value);
  return headers;
}

function frameOf(
  payload: string | Uint8Array,
  format: Partial<FrameFormat> = {},
  message: Partial<StreamMessage> = {},
  topic = 'orders.new',
): string | undefined {
  const stored = storedMessage(payload, message);
  return encodeFrame(stored, topic, { ...DEFAULT_FORMAT, ...format }).bytes?.toString();
}

function dataOf(payload: string | Uint8Array): string | undefined {
  return frameOf(payload)?.split('\n')[1];
}

describe('encodeFrame', () => {
  it('writes event, data and, as the last line, the ID', () => {
    expect(frameOf('{ "n": 1 }')).toBe(
      'event: message\n' +
        'data: {"topic":"orders.new","payload":{"n":1},"time":"2026-01-01T12:00:00.123456789Z"}\n' +
        'id: 12345\n\n',
    );
  });

  it.each([
    ['{"n":12345678901234567890,"n":1.0}', '{"n":12345678901234567890,"n":1.0}'],
    ['', '""'],
    [' ', '" "'],
    ['null', 'null'],
    ['"text"', '"text"'],
    ['hello', '"hello"'],
    ['a\r\nb\u2028<&>"\\', '"a\\r\\nb\u2028<&>\\"\\\\"'],
    ['\ufeff{}', '"\ufeff{}"'],
    ['żółw', '"żółw"'],
    ['{"ż":"🐢"}', '{"ż":"🐢"}'],
  ])('embeds the payload %j as %s', (payload, embedded) => {
    expect(dataOf(payload)).toBe(
      `data: {"topic":"orders.new","payload":${embedded},"time":"2026-01-01T12:00:00.123456789Z"}`,
    );
  });

  it.each([
    ['bytes', [0xff, 0xfe, 0x00], '//4A'],
    ['JSON whose string is not UTF-8', [0x22, 0xc3, 0x28, 0x22], 'IsMoIg=='],
    ['an encoded surrogate', [0xed, 0xa0, 0x80], '7aCA'],
  ])('sends %s as base64, with the encoding', (_, bytes, base64) => {
    expect(dataOf(Uint8Array.from(bytes))).toBe(
      `data: {"topic":"orders.new","payload":"${base64}","time":"2026-01-01T12:00:00.123456789Z","encoding":"base64"}`,
    );
  });

  it('reads a view without writing to it', () => {
    const chunk = new Uint8Array(Buffer.from('xx{ "a" : 1 }xx'));
    const before = chunk.slice();
    expect(dataOf(chunk.subarray(2, -2))).toContain('"payload":{"a":1},');
    expect(chunk).toEqual(before);
  });

  it('keeps the time part of IDs if it is enabled', () => {
    expect(frameOf('1', { eventId: 'sequence_time' })).toMatch(
      /\nid: 12345-1767268800123456789\n\n$/,
    );
  });

  it('skips messages that the server wrote for itself', () => {
    for (const name of ['Nats-Marker-Reason', 'Nats-Schedule']) {
      const message = storedMessage('', { headers: natsHeaders([name, 'MaxAge']) });
      expect(encodeFrame(message, 'orders.new', DEFAULT_FORMAT)).toEqual({
        bytes: undefined,
        dropped: 'control_message',
      });
    }
    expect(
      frameOf('1', {}, { headers: natsHeaders(['Nats-Scheduler', 'x'], ['nats-schedule', 'x']) }),
    ).toContain('event: message\n');
  });

  describe('in a bucket', () => {
    const bucket = { keyOperations: true };
    const changed = (...pairs: [string, string][]): string | undefined =>
      frameOf('left over', bucket, { headers: natsHeaders(...pairs) });

    it.each<[[string, string][], string]>([
      [[['KV-Operation', 'DEL']], 'delete'],
      [[['KV-Operation', 'PURGE']], 'purge'],
      [[['Nats-Marker-Reason', 'MaxAge']], 'purge'],
      [[['Nats-Marker-Reason', 'Purge']], 'purge'],
      [[['Nats-Marker-Reason', 'Remove']], 'delete'],
      [
        [
          ['KV-Operation', 'DEL'],
          ['Nats-Marker-Reason', 'Purge'],
        ],
        'delete',
      ],
    ])('a message with %j has no payload', (headers, operation) => {
      expect(changed(...headers)).toBe(
        'event: message\n' +
          `data: {"topic":"orders.new","payload":null,"time":"2026-01-01T12:00:00.123456789Z","operation":"${operation}"}\n` +
          'id: 12345\n\n',
      );
    });

    it('every other message has a value', () => {
      for (const name of ['KV-Operation', 'Nats-Marker-Reason', 'Other']) {
        expect(changed([name, 'constructor'])).toContain('"payload":"left over"');
        expect(changed([name, 'constructor'])).toContain('"operation":"put"}');
      }
      expect(frameOf('1', bucket)).toContain('"operation":"put"}');
      expect(changed(['Nats-Schedule', 'x'])).toBeUndefined();
    });

    it('a deleted key has no initial value, and is not counted as dropped', () => {
      const message = storedMessage('', { headers: natsHeaders(['KV-Operation', 'DEL']) });
      const format = { ...DEFAULT_FORMAT, ...bucket };
      expect(prepareFrame(message, 'a', format, undefined, 'initial')).toEqual({
        pieces: undefined,
        dropped: undefined,
      });
    });
  });

  describe('event names', () => {
    const fromHeader = { eventType: { from: 'header', header: 'Kind' } } as const;
    const named = (value: string): string | undefined =>
      frameOf('1', fromHeader, { headers: natsHeaders(['Kind', value]) })?.split('\n')[0];

    it('come from the topic, or from the first value of a header', () => {
      expect(frameOf('1', { eventType: { from: 'topic' } })).toMatch(/^event: orders\.new\n/);
      const headers = natsHeaders(['Kind', 'a:b'], ['Kind', 'second'], ['kind', 'other']);
      expect(frameOf('1', fromHeader, { headers })).toMatch(/^event: a:b\n/);
    });

    it.each(['', 'a b', 'ä', 'x'.repeat(101), 'connected', 'reset', 'gap', 'open', 'error'])(
      'are message for %j',
      (value) => {
        expect(named(value)).toBe('event: message');
      },
    );

    it.each(['x'.repeat(100), 'Error', 'message', 'a-b_c.d:1'])('can be %s', (value) => {
      expect(named(value)).toBe(`event: ${value}`);
    });

    it('are message without the header in its exact spelling', () => {
      expect(frameOf('1', fromHeader)).toMatch(/^event: message\n/);
      const headers = natsHeaders(['kind', 'other']);
      expect(frameOf('1', fromHeader, { headers })).toMatch(/^event: message\n/);
    });

    it('are message if the headers cannot be decoded', () => {
      const message = storedMessage('1');
      Object.defineProperty(message, 'headers', {
        get: () => {
          throw new Error("':' is not a valid character for a header key");
        },
      });
      const { bytes } = encodeFrame(message, 'orders.new', { ...DEFAULT_FORMAT, ...fromHeader });
      expect(bytes?.toString()).toMatch(/^event: message\n/);
    });
  });

  describe('raw', () => {
    it.each(['', 'one', 'one\ntwo', '\n', 'end\n', ' space', 'data: x\n\nid: 1', 'ż\0\u2028'])(
      'sends %j unchanged',
      (payload) => {
        const { bytes } = encodeFrame(storedMessage(payload), 'orders.new', {
          ...DEFAULT_FORMAT,
          payload: 'raw',
        });
        expect(parseEventStream(bytes ?? Buffer.alloc(0))).toMatchObject([
          { event: { type: 'message', data: payload }, lastEventId: '12345' },
        ]);
        expect(bytes?.toString()).toMatch(/\nid: 12345\n\n$/);
      },
    );

    it.each([Buffer.from('a\rb'), Buffer.from('a\r\n'), Buffer.from([0xff])])(
      'announces a payload that is not a text line: %j',
      (payload) => {
        const result = encodeFrame(storedMessage(payload), 'orders.new', {
          ...DEFAULT_FORMAT,
          payload: 'raw',
        });
        expect(result.dropped).toBe('raw_not_text');
        expect(result.bytes?.toString()).toContain('"reason":"raw_not_text"');
      },
    );
  });

  describe('size', () => {
    const sized = (payload: string, format: Partial<FrameFormat>): [string?, string?] => {
      const result = encodeFrame(storedMessage(payload), 'orders.new', {
        ...DEFAULT_FORMAT,
        ...format,
      });
      return [result.dropped, result.bytes?.toString()];
    };

    it('announces a payload above the limit', () => {
      expect(sized('x'.repeat(101), { maxEventBytes: 100 })).toEqual([
        'raw_payload',
        'event: gap\n' +
          'data: {"topic":"orders.new","sequence":12345,"reason":"oversized","size":101}\n' +
          'id: 12345\n\n',
      ]);
    });

    it('omits it if gap events are disabled', () => {
      expect(sized('x'.repeat(101), { maxEventBytes: 100, gapEvents: false })).toEqual([
        'raw_payload',
        undefined,
      ]);
    });

    it.each(['envelope', 'raw'] as const)('counts the whole frame, %s', (payload) => {
      const exact = frameOf('żółw', { payload })?.length ?? 0;
      const bytes = Buffer.byteLength(frameOf('żółw', { payload }) ?? '');
      expect(bytes).toBeGreaterThan(exact);
      expect(sized('żółw', { payload, maxEventBytes: bytes })[0]).toBeUndefined();
      const [dropped, gap] = sized('żółw', { payload, maxEventBytes: bytes - 1 });
      expect(dropped).toBe('formatted_sse_message');
      expect(gap).toContain('"reason":"oversized","size":7}');
    });

    it('has no limit if none is set', () => {
      expect(sized('x'.repeat(3_000_000), { maxEventBytes: undefined })[0]).toBeUndefined();
    });
  });
});
