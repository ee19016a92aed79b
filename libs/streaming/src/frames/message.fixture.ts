import type { StreamMessage } from '@nuts/nats';
import type { FrameFormat } from '../hub/hub-options.interface.js';

/** The default format of a hub. */
export const DEFAULT_FORMAT: FrameFormat = {
  eventType: { from: 'message' },
  payload: 'envelope',
  eventId: 'sequence',
  maxEventBytes: 1_048_576,
  gapEvents: true,
};

/** A message as delivered by a consumer: sequence 12345, stored on 2026-01-01 shortly after noon. */
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
