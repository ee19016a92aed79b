import { Logger } from '@nestjs/common';
import type { RequestedSubscription } from '@nuts/auth';
import type { Plan } from '../plan/plan.js';
import { hubOptions } from '../sse/edge.fixture.js';
import { SessionLogger } from './session-logger.js';
import type { StreamRequest } from './stream-request.interface.js';

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  const take = (line: Record<string, unknown>): void => void lines.push(line);
  Logger.overrideLogger({ log: take, warn: take, error: take, debug: take });
});
afterEach(() => {
  jest.restoreAllMocks();
  Logger.overrideLogger(false);
});

const sessionLogger = (): SessionLogger =>
  new SessionLogger(hubOptions({ topicPrefix: 'events.' }));
const request = (subscription: Pick<RequestedSubscription, 'cursor' | 'topics'>): StreamRequest =>
  ({ subscription }) as StreamRequest;
const plan = (changes: Partial<Plan> = {}): Plan => ({
  recovery: 'live',
  after: 41,
  id: '41',
  historyThrough: 41,
  generation: 1,
  ...changes,
});

it("has the original's fields", () => {
  sessionLogger().opened(request({ topics: ['a', 'b'] }), plan());
  expect(lines).toEqual([
    {
      msg: 'stream opened',
      hub: '/events',
      topics: ['a', 'b'],
      subjects: ['events.a', 'events.b'],
      subject_label: 'events.a,events.b',
      replay_mode: 'deliver_new',
      replay_has_last_id: false,
      replay_start_sequence: 42,
    },
  ]);
});

it('has the requested start and the reason of a fallback', () => {
  const cursor = { sequence: 2n ** 63n, text: String(2n ** 63n) };
  const fallback = plan({ recovery: 'fallback', reason: 'cursor ahead of stream', after: 0 });
  sessionLogger()
    .opened(request({ topics: ['a'], cursor }), fallback)
    .closed('client_context_done');
  expect(lines[1]).toMatchObject({
    replay_mode: 'fallback_deliver_all',
    replay_has_last_id: true,
    replay_start_sequence: String(2n ** 63n + 1n),
    replay_fallback_reason: 'cursor ahead of stream',
    disconnect_reason: 'client_context_done',
  });
});

it('has a limited length, whatever is requested', () => {
  const topics = Array.from({ length: 32 }, (_, i) => String(i).padStart(256, 'x'));
  sessionLogger().refused(topics, 'max_connections', undefined);
  expect(lines[0]).toMatchObject({ topics_count: 32, subjects_count: 32 });
  expect(JSON.stringify(lines[0]).length).toBeLessThan(5000);
});

it('logs a dropped message, and of many the first one per second', () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(5_000);
  const each = sessionLogger();
  for (let sequence = 1; sequence <= 500; sequence++) {
    each.dropped({ reason: 'raw_payload', topic: 'a', sequence, size: 2_000_000 });
    each.dropped({ reason: 'control_message', topic: 'a', sequence, size: 0 });
  }
  expect(lines).toHaveLength(10);
  expect(lines[0]).toEqual({
    msg: 'message dropped',
    hub: '/events',
    topic: 'a',
    sequence: 1,
    size: 2_000_000,
    reason: 'raw_payload',
    max_event_size: 1_048_576,
  });
  now.mockReturnValue(6_000);
  each.dropped({ reason: 'raw_not_text', topic: 'y'.repeat(999), sequence: 501, size: 3 });
  expect(lines[10]).toMatchObject({ topic: 'y'.repeat(256), suppressed: 490 });
});
