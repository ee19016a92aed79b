import type { StreamMessage } from '@nuts/nats';
import type { FrameFormat } from '../hub/hub-options.interface.js';

/** The format that a hub has by default. */
export const DEFAULT_FORMAT: FrameFormat = {
  eventType: { from: 'message' },
  payload: 'envelope',
  eventId: 'sequence',
  maxEventBytes: 1_048_576,
  gapEvents: true,
};

/** A message as a consumer delivers it: 12345, stored on New Year's Day 2026 at noon and a bit. */
export function storedMessage(
  payload: string | Uint8Array,
  overrides: Partial<StreamMessage> = {},
): StreamMessage {
  const timeNanos = overrides.timeNanos ?? 1_767_268_800_123_456_789n;
  return {
    subject: 'orders.new',
    sequence: 12345,
    timeNanos,
    timeDigits: String(timeNanos),
    data: typeof payload === 'string' ? new Uint8Array(Buffer.from(payload)) : payload,
    headers: undefined,
    ...overrides,
  };
}
