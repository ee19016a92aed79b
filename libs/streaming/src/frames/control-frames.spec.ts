import { connectedEvent, connectedFrame } from './connected-event.js';
import {
  commentFrame,
  expiringFrame,
  heartbeatFrame,
  liveFrame,
  resetFrame,
} from './control-frames.js';
import { formatEventId } from './event-id.js';
import { parseEventStream } from './event-stream.fixture.js';
import { jitter } from './jitter.js';

describe('connectedEvent', () => {
  it('has the topics, the recovery and an explicit ID', () => {
    expect(
      connectedEvent({ topics: ['orders.new'], start: { recovery: 'resumed' }, id: '12344' }),
    ).toEqual({
      type: 'connected',
      data: '{"topics":["orders.new"],"recovery":"resumed"}',
      id: '12344',
    });
  });

  it("has the fallback's reason, and the delay if it is set", () => {
    const event = connectedEvent({
      topics: ['a', 'b'],
      start: { recovery: 'fallback', reason: 'sequence below retention' },
      id: '5',
      retryMs: 1500,
    });
    expect(event.data).toBe(
      '{"topics":["a","b"],"recovery":"fallback","reason":"sequence below retention"}',
    );
    expect(event.retry).toBe(1500);
  });

  it('omits a delay that is not set', () => {
    const event = connectedEvent({ topics: ['a'], start: { recovery: 'live' }, id: '5' });
    expect('retry' in event).toBe(false);
  });

  it('is written as the bytes that a session writes', () => {
    const connected = { topics: ['a'], start: { recovery: 'live' as const }, id: '5' };
    const data = '{"topics":["a"],"recovery":"live"}';
    expect(connectedFrame(connectedEvent(connected)).toString()).toBe(
      `event: connected\ndata: ${data}\nid: 5\n\n`,
    );
    expect(connectedFrame(connectedEvent({ ...connected, retryMs: 20 })).toString()).toBe(
      `event: connected\nretry: 20\ndata: ${data}\nid: 5\n\n`,
    );
  });
});

describe('control frames', () => {
  it('write the transient answer as in the contract', () => {
    const frame = commentFrame({ comment: 'JetStream not available', id: '12344', retryMs: 4213 });
    expect(frame.toString()).toBe(': JetStream not available\nid: 12344\nretry: 4213\n\n');
  });

  it('contain no line break of a quoted text', () => {
    const frame = commentFrame({ comment: 'a\r\nevent: x\0', id: '1\n\n2' });
    expect(frame.toString()).toBe(': a event: x \nid: 1 2\n\n');
  });

  it('announce the end of a token, and the end of the history', () => {
    expect(expiringFrame(Date.UTC(2026, 0, 1)).toString()).toBe(
      'event: expiring\ndata: {"expires":"2026-01-01T00:00:00.000Z"}\n\n',
    );
    expect(liveFrame('12345').toString()).toBe(
      'event: live\ndata: {"position":"12345"}\nid: 12345\n\n',
    );
  });

  it('write the end of a stream', () => {
    expect(commentFrame({ comment: 'token expired', retryMs: 4213 }).toString()).toBe(
      ': token expired\nretry: 4213\n\n',
    );
  });

  it('write a heartbeat that moves the cursor and dispatches no event', () => {
    expect(heartbeatFrame().toString()).toBe(': heartbeat\n\n');
    expect(heartbeatFrame('12345').toString()).toBe(': heartbeat\nid: 12345\n\n');
    expect(parseEventStream(heartbeatFrame('12345'))).toMatchObject([
      { event: undefined, lastEventId: '12345' },
    ]);
  });

  it('write a reset as in the contract', () => {
    expect(resetFrame('stream_recreated', 4180).toString()).toBe(
      ': stream_recreated\nretry: 4180\nevent: reset\ndata: {"reason":"stream_recreated"}\nid: 0\n\n',
    );
  });
});

describe('formatEventId', () => {
  it.each([
    ['sequence', { sequence: 5, timeNanos: 7n }, '5'],
    ['sequence_time', { sequence: 5, timeNanos: 7n }, '5-7'],
    ['sequence_time', { sequence: 0, timeNanos: 0n }, '0'],
    ['sequence_time', { sequence: 2n ** 64n - 3n }, '18446744073709551613'],
  ] as const)('writes %s %p as %s', (format, position, id) => {
    expect(formatEventId(format, position)).toBe(id);
  });
});

describe('jitter', () => {
  it('varies a delay by half its length in both directions', () => {
    expect(jitter(5000, () => 0)).toBe(2500);
    expect(jitter(5000, () => 0.5)).toBe(5000);
    expect(jitter(5000, () => 0.999999)).toBe(7500);
    expect(jitter(1, () => 0)).toBe(1);
    expect(jitter(0, () => 0)).toBe(1);
    for (let run = 0; run < 100; run++) {
      expect(jitter(5000)).toBeGreaterThanOrEqual(2500);
      expect(jitter(5000)).toBeLessThanOrEqual(7500);
    }
  });
});
