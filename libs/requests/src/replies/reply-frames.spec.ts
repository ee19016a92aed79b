import fc from 'fast-check';
import { contentTypeOf } from './payload-json.js';
import { parseProgress, parseTotal } from './progress.js';
import { failedFrame, replyFrame } from './reply-frames.js';

const dataOf = (frame: Buffer): string => {
  const lines = frame.toString().split('\n');
  expect(lines).toHaveLength(5);
  expect([lines[0], lines[2], lines[3], lines[4]]).toEqual(['event: reply', 'id: 7', '', '']);
  expect(lines[1]).toMatch(/^data: /);
  return lines[1]?.slice('data: '.length) ?? '';
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it('any payload is one frame with one data line, and is decoded unchanged', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (payload) => {
      const data = JSON.parse(dataOf(replyFrame(7, { payload }))) as {
        payload: unknown;
        encoding?: string;
      };
      const text = Buffer.from(payload).toString();
      if (data.encoding === 'base64') {
        expect(Buffer.from(String(data.payload), 'base64')).toEqual(Buffer.from(payload));
      } else expect(data.payload).toEqual(isJson(text) ? JSON.parse(text) : text);
    }),
  );
});

it('JSON is unchanged byte for byte, except whitespace between its tokens', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(4), (json, indent) => {
      const payload = Buffer.from(JSON.stringify(JSON.parse(json), null, indent));
      const data = dataOf(replyFrame(7, { payload, progress: { done: 1, total: 2 } }));
      expect(data).toBe(
        `{"payload":${JSON.stringify(JSON.parse(json))},"progress":{"done":1,"total":2}}`,
      );
    }),
  );
});

it('no service message ends its frame', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (message) => {
      const [event, data, ...rest] = failedFrame({ code: 500, message })
        .toString()
        .split(/[\r\n]/);
      expect([event, rest]).toEqual(['event: failed', ['', '']]);
      expect(JSON.parse(data?.slice(6) ?? '')).toEqual({
        code: 500,
        message: Buffer.from(message).toString(),
      });
    }),
  );
});

it.each([
  ['3/40', { done: 3, total: 40 }],
  ['0/0', { done: 0, total: 0 }],
  ['3', undefined],
  ['-1/2', undefined],
  ['1/2/3', undefined],
  ['1e3/2', undefined],
  [' 1/2', undefined],
  ['1/9999999999999999', undefined],
  [undefined, undefined],
])('the progress %j is %j', (text, expected) => {
  expect(parseProgress(text)).toEqual(expected);
});

it.each([
  ['40', 40],
  ['', undefined],
  ['4.5', undefined],
  [undefined, undefined],
])('the total %j is %j', (text, expected) => {
  expect(parseTotal(text)).toBe(expected);
});

it('a content type that is not a valid header value is not used', () => {
  expect(contentTypeOf(Buffer.from('x'), 'text/x\r\nEvil: 1')).toBe('text/plain; charset=utf-8');
});
