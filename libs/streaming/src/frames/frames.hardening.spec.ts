import fc from 'fast-check';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import { commentFrame } from './control-frames.js';
import { encodeFrame } from './encode-frame.js';
import { parseEventStream, type ParsedBlock } from './event-stream.fixture.js';
import { storedMessage } from './message.fixture.js';

/** Text of an attacker who knows the format: all kinds of line breaks, field names, and other noise. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n',
        '\n\n',
        'data: x',
        'id: 1',
        'retry: 1',
        'event: reset',
        ':',
        '\0',
        '\u2028',
        '\u0085',
        '"',
        '\\',
        '{"a": "',
        '}',
        'ż',
        ' ',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);
const payload = fc.oneof(
  hostile.map((text) => new Uint8Array(Buffer.from(text))),
  fc.uint8Array({ maxLength: 64 }),
  fc.json().map((text) => new Uint8Array(Buffer.from(text))),
);
const format: fc.Arbitrary<FrameFormat> = fc.record({
  eventType: fc.constantFrom(
    { from: 'message' } as const,
    { from: 'topic' } as const,
    { from: 'header', header: 'Kind' } as const,
  ),
  payload: fc.constantFrom('envelope', 'raw'),
  eventId: fc.constantFrom('sequence', 'sequence_time'),
  maxEventBytes: fc.constantFrom(undefined, 40, 150, 1_000_000),
  gapEvents: fc.boolean(),
});

/** Headers that only another publisher could send: the client library rejects them. */
function foreignHeaders(value: string): ReturnType<typeof storedMessage>['headers'] {
  const values = (name: string): string[] => (name === 'Kind' ? [value] : []);
  const has = (): boolean => false;
  return { values, has } as unknown as ReturnType<typeof storedMessage>['headers'];
}

function parsedByLibrary(bytes: Uint8Array): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  createParser({ onEvent: (event) => events.push(event) }).feed(new TextDecoder().decode(bytes));
  return events;
}

function only(blocks: ParsedBlock[]): ParsedBlock {
  const [block, ...rest] = blocks;
  if (block === undefined || rest.length > 0) throw new Error(`${blocks.length} blocks, not one`);
  return block;
}

describe('frames of a malicious publisher', () => {
  it('are one event whose last line is the ID, whatever was published', () => {
    fc.assert(
      fc.property(payload, hostile, hostile, format, (data, topic, header, chosen) => {
        const message = storedMessage(data, { headers: foreignHeaders(header) });
        const { bytes, dropped } = encodeFrame(message, topic, chosen);
        if (bytes === undefined) {
          expect(dropped).toBeDefined();
          expect(chosen.gapEvents).toBe(false);
          return;
        }
        if (dropped === undefined) {
          expect(bytes.length).toBeLessThanOrEqual(chosen.maxEventBytes ?? Infinity);
        }
        expect(bytes.includes('\r')).toBe(false);
        const block = only(parseEventStream(bytes));
        const id = chosen.eventId === 'sequence' ? '12345' : '12345-1767268800123456789';
        expect(block.lastEventId).toBe(id);
        expect(block.lines.at(-1)).toBe(`id: ${id}`);
        expect(block.lines.map((line) => line.split(':')[0])).toEqual([
          'event',
          ...Array<string>(block.lines.length - 2).fill('data'),
          'id',
        ]);
        expect(block.retry).toBeUndefined();
        expect(block.event?.type === 'gap').toBe(dropped !== undefined);
        expect(block.event?.type).toMatch(/^[A-Za-z0-9._:-]{1,100}$/);
        expect(['connected', 'reset', 'open', 'error']).not.toContain(block.event?.type);

        const text = block.event?.data ?? '';
        if (dropped !== undefined) expect(JSON.parse(text)).toMatchObject({ sequence: 12345 });
        else if (chosen.payload === 'raw') expect(text).toBe(Buffer.from(data).toString());
        else expect(JSON.parse(text)).toHaveProperty('topic');
        expect(parsedByLibrary(bytes)).toEqual([{ id, event: block.event?.type, data: text }]);
      }),
      { numRuns: 5000 },
    );
  });

  it('contain topic and payload unchanged', () => {
    const plain: FrameFormat = {
      eventType: { from: 'message' },
      payload: 'envelope',
      eventId: 'sequence',
      gapEvents: true,
    };
    fc.assert(
      fc.property(payload, hostile, (data, topic) => {
        const { bytes } = encodeFrame(storedMessage(data), topic, plain);
        const { event } = only(parseEventStream(bytes ?? Buffer.alloc(0)));
        const envelope = JSON.parse(event?.data ?? '') as Record<string, unknown>;
        expect(envelope.topic).toBe(topic);
        const text = Buffer.from(data).toString();
        const received =
          envelope.encoding === 'base64'
            ? Buffer.from(envelope.payload as string, 'base64')
            : Buffer.from(isJson(text) ? text : (envelope.payload as string));
        expect(received).toEqual(Buffer.from(data));
        if (isJson(text) && envelope.encoding === undefined) {
          expect(envelope.payload).toEqual(JSON.parse(text));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('frames with quoted client input', () => {
  it('are one block that dispatches no event', () => {
    fc.assert(
      fc.property(hostile, hostile, (comment, id) => {
        const block = only(parseEventStream(commentFrame({ comment, id, retryMs: 4213 })));
        expect(block.event).toBeUndefined();
        expect(block.retry).toBe(4213);
        expect(block.lines).toHaveLength(3);
      }),
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
