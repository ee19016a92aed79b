import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { frameReader } from './frame-reader.js';

/** The frames found in text that arrives in pieces. */
function read(pieces: readonly string[]): unknown[] {
  const found: unknown[] = [];
  const feed = frameReader({
    frame: (frame) => found.push(frame),
    comment: (text) => found.push(text),
    retry: (ms) => found.push(ms),
  });
  for (const piece of pieces) feed(piece);
  return found;
}

const line = fc.oneof(
  fc.constantFrom(
    'data: x',
    'data:',
    'data',
    'data:  y',
    'event: gap',
    'event:',
    'id: 7',
    'id:',
    'id: \0',
    'retry: 12',
    'retry: x',
    ': heartbeat',
    ':',
    'other: 1',
    'dataset: 2',
    '',
    '',
    '',
  ),
  fc.string(),
);
const text = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 })
  .map((lines) => lines.flat().join(''));

describe('frameReader', () => {
  it('reports frames with data, ids alone, comments and delays', () => {
    const stream =
      '\n: heartbeat\nid: 8\n\nretry: 250\nevent: gap\ndata: {"a":\ndata: 1}\nid: 9\n\ndata: z\n\ndata: cut';
    expect(read([stream])).toEqual([
      'heartbeat',
      { event: 'message', data: undefined, id: '8' },
      250,
      { event: 'gap', data: '{"a":\n1}', id: '9' },
      { event: 'message', data: 'z', id: undefined },
    ]);
  });

  it('finds the same frames however the text is split', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (whole, cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((end, index) => whole.slice(at[index], end));
        expect(read(pieces)).toEqual(read([whole]));
      }),
    );
  });

  it('finds the same events as eventsource-parser', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const expected: unknown[] = [];
        createParser({
          onEvent: ({ event = 'message', data, id }) => expected.push({ event, data, id }),
        }).feed(`${whole}\n`);
        const found = read([`${whole}\n`]).filter(
          (each) => typeof each === 'object' && (each as { data?: string }).data !== undefined,
        );
        expect(found).toEqual(expected);
      }),
    );
  });
});
