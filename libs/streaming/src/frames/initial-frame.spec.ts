import { headers as emptyHeaders } from 'nats';
import {
  encodeFrame,
  prepareFrame,
  prepareGap,
  writeFrame,
  type PreparedFrame,
} from './encode-frame.js';
import { DEFAULT_FORMAT, storedMessage } from './message.fixture.js';
import { isTraceParent, traceParentOf } from './trace-parent.js';

const TIME = '2026-01-01T12:00:00.123456789Z';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function textOf({ pieces }: PreparedFrame): string | undefined {
  if (pieces === undefined) return undefined;
  const bytes = Buffer.alloc(pieces.length + 2);
  expect(writeFrame(bytes, 1, pieces)).toBe(pieces.length + 1);
  return bytes.toString('utf8', 1, pieces.length + 1);
}

function traced(name: string, ...values: string[]): ReturnType<typeof storedMessage> {
  const headers = emptyHeaders();
  for (const value of values) headers.append(name, value);
  return storedMessage('1', { headers });
}

describe('an initial value', () => {
  it('has its sequence in the envelope, and no ID', () => {
    const frame = prepareFrame(storedMessage('1'), 'a', DEFAULT_FORMAT, undefined, 'initial');
    expect(textOf(frame)).toBe(
      `event: message\ndata: {"topic":"a","payload":1,"time":"${TIME}","sequence":12345}\n\n`,
    );
    const raw = { ...DEFAULT_FORMAT, payload: 'raw' as const };
    expect(textOf(prepareFrame(storedMessage('x'), 'a', raw, undefined, 'initial'))).toBe(
      'event: message\ndata: x\n\n',
    );
    const format = { ...DEFAULT_FORMAT, traceContext: true };
    const message = traced('traceparent', TRACE);
    expect(textOf(prepareFrame(message, 'a', format, undefined, 'initial'))).toContain(
      `"trace":"${TRACE}","sequence":12345}`,
    );
  });

  it('is a gap without an ID if it cannot be delivered', () => {
    const tight = { ...DEFAULT_FORMAT, maxEventBytes: 1 };
    const gap =
      'event: gap\ndata: {"topic":"a","sequence":12345,"reason":"oversized","size":2}\n\n';
    expect(textOf(prepareFrame(storedMessage('10'), 'a', tight, undefined, 'initial'))).toBe(gap);
    const failed = prepareGap(storedMessage('10'), 'a', DEFAULT_FORMAT, 'mapper_error', 'initial');
    expect(textOf(failed)).toBe(gap.replace('oversized', 'mapper_error'));
    const event = prepareGap(storedMessage('10'), 'a', DEFAULT_FORMAT, 'raw_not_text');
    expect(textOf(event)).toMatch(/"reason":"raw_not_text","size":2}\nid: 12345\n\n$/);
  });
});

describe('the size limit of a frame', () => {
  it('allows a payload and a frame of exactly that size', () => {
    const whole = encodeFrame(storedMessage('1'), 'a', DEFAULT_FORMAT).bytes?.length ?? 0;
    const at = (maxEventBytes: number, payload: string) =>
      encodeFrame(storedMessage(payload), 'a', { ...DEFAULT_FORMAT, maxEventBytes }).dropped;
    expect([at(whole, '1'), at(whole - 1, '1')]).toEqual([undefined, 'formatted_sse_message']);
    expect([at(2, '12'), at(1, '12')]).toEqual(['formatted_sse_message', 'raw_payload']);
  });
});

describe('a trace context', () => {
  it('is included if the hub enables it, under both names', () => {
    const shown = { ...DEFAULT_FORMAT, traceContext: true };
    for (const name of ['traceparent', 'Traceparent']) {
      const message = traced(name, TRACE);
      expect(String(encodeFrame(message, 'a', shown).bytes)).toContain(
        `"time":"${TIME}","trace":"${TRACE}"}`,
      );
      expect(String(encodeFrame(message, 'a', DEFAULT_FORMAT).bytes)).not.toContain('trace');
    }
    expect(String(encodeFrame(storedMessage('1'), 'a', shown).bytes)).not.toContain('trace');
  });

  it('is the first one of a message, or absent if that is malformed', () => {
    expect(traceParentOf(traced('traceparent', TRACE, 'second'))).toBe(TRACE);
    expect(traceParentOf(traced('traceparent', 'malformed', TRACE))).toBeUndefined();
    expect(traceParentOf(storedMessage('1'))).toBeUndefined();
  });

  it.each([
    [TRACE, true],
    [TRACE.replace(/^00/, '01'), true],
    [TRACE.replace(/^00/, 'ff'), false],
    [TRACE.toUpperCase(), false],
    [`${TRACE}-more`, false],
    [`x${TRACE}`, false],
    [`00-${'0'.repeat(32)}-b7ad6b7169203331-01`, false],
    [`00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`, false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(isTraceParent(text)).toBe(expected);
  });
});
