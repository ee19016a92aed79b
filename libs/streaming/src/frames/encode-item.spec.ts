import type { StreamMessage } from '@nuts/nats';
import { headers as emptyHeaders } from 'nats';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import { writeFrame, type PreparedFrame } from './encode-frame.js';
import { prepareItem, prepareItemGap } from './encode-item.js';
import { DEFAULT_FORMAT, storedMessage } from './message.fixture.js';

const TIME = '2026-01-01T12:00:00.123456789Z';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function textOf({ pieces }: PreparedFrame): string | undefined {
  if (pieces === undefined) return undefined;
  const bytes = Buffer.alloc(pieces.length);
  expect(writeFrame(bytes, 0, pieces)).toBe(pieces.length);
  return bytes.toString();
}

function itemOf(
  payload: string | Uint8Array,
  format: Partial<FrameFormat> = {},
  message: Partial<StreamMessage> = {},
): string | undefined {
  const full = { ...DEFAULT_FORMAT, ...format };
  return textOf(prepareItem(storedMessage(payload, message), 'orders.new', full));
}

function withHeader(name: string, value: string): Partial<StreamMessage> {
  const headers = emptyHeaders();
  headers.set(name, value);
  return { headers };
}

describe('an item of a page', () => {
  it('has the ID, the topic, the payload and the time, after a comma', () => {
    expect(itemOf('{ "n": 1 }')).toBe(
      `,{"id":"12345","topic":"orders.new","payload":{"n":1},"time":"${TIME}"}`,
    );
    expect(itemOf('żółw', { eventId: 'sequence_time' })).toBe(
      `,{"id":"12345-1767268800123456789","topic":"orders.new","payload":"żółw","time":"${TIME}"}`,
    );
    expect(itemOf(Uint8Array.from([0xff]))).toBe(
      `,{"id":"12345","topic":"orders.new","payload":"/w==","time":"${TIME}","encoding":"base64"}`,
    );
  });

  it('has the event name if it is not "message"', () => {
    expect(itemOf('1', { eventType: { from: 'topic' } })).toBe(
      `,{"id":"12345","event":"orders.new","topic":"orders.new","payload":1,"time":"${TIME}"}`,
    );
  });

  it('has a raw payload as a JSON string, with the other fields of an envelope', () => {
    expect(itemOf('a\n"b"', { payload: 'raw' })).toBe(
      `,{"id":"12345","topic":"orders.new","payload":"a\\n\\"b\\"","time":"${TIME}"}`,
    );
    expect(
      itemOf('x', { payload: 'raw', traceContext: true }, withHeader('traceparent', TRACE)),
    ).toBe(
      `,{"id":"12345","topic":"orders.new","payload":"x","time":"${TIME}","trace":"${TRACE}"}`,
    );
  });

  it('is a gap, or absent, for a message that cannot be delivered', () => {
    const tight = { maxEventBytes: 5 };
    expect(itemOf('123456', tight)).toBe(
      ',{"id":"12345","topic":"orders.new","gap":"oversized","size":6}',
    );
    expect(itemOf('a\rb', { payload: 'raw' })).toBe(
      ',{"id":"12345","topic":"orders.new","gap":"raw_not_text","size":3}',
    );
    expect(itemOf('123456', { ...tight, gapEvents: false })).toBeUndefined();
    const silent = { ...DEFAULT_FORMAT, gapEvents: false };
    const dropped = prepareItemGap(storedMessage('1'), 'a', silent, 'mapper_error');
    expect(dropped).toEqual({ pieces: undefined, dropped: 'mapper_error' });
    const announced = prepareItemGap(storedMessage('1'), 'a', DEFAULT_FORMAT, 'mapper_error');
    expect(announced.dropped).toBe('mapper_error');
    expect(textOf(announced)).toBe(',{"id":"12345","topic":"a","gap":"mapper_error","size":1}');
  });

  it('has no payload for a deleted key, and is no initial value', () => {
    const format = { ...DEFAULT_FORMAT, keyOperations: true };
    const removal = storedMessage('', withHeader('KV-Operation', 'DEL'));
    expect(textOf(prepareItem(removal, 'a', format))).toBe(
      `,{"id":"12345","topic":"a","payload":null,"time":"${TIME}","operation":"delete"}`,
    );
    expect(prepareItem(removal, 'a', format, undefined, 'initial')).toEqual({
      pieces: undefined,
      dropped: undefined,
    });
    const put = prepareItem(storedMessage('1'), 'a', format, undefined, 'initial');
    expect(put.dropped).toBeUndefined();
    expect(textOf(put)).toBe(
      `,{"id":"12345","topic":"a","payload":1,"time":"${TIME}","operation":"put"}`,
    );
  });

  it('omits messages that the server wrote for itself', () => {
    expect(itemOf('', {}, withHeader('Nats-Marker-Reason', 'MaxAge'))).toBeUndefined();
  });
});
