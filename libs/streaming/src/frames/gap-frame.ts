import type { DropReason } from '@nuts/metrics';
import type { StreamMessage } from '@nuts/nats';

/** Why a message is announced and not delivered (contract §3). */
export type GapReason = 'oversized' | 'raw_not_text' | 'mapper_error';

/** What a gap says of a message that was dropped so. */
export function gapReason(dropped: DropReason): GapReason {
  return dropped === 'raw_not_text' || dropped === 'mapper_error' ? dropped : 'oversized';
}

/**
 * The frame in place of a message that cannot be delivered. `size` is that of the published payload,
 * in bytes, also when only the frame around it was too large: it is what a publisher can look up. The
 * announcement itself is not measured against `max_event_size`.
 */
export function encodeGap(
  message: StreamMessage,
  topic: string,
  reason: GapReason,
  id: string | undefined,
): Buffer {
  const { sequence, data } = message;
  const announcement = JSON.stringify({ topic, sequence, reason, size: data.length });
  const end = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`event: gap\ndata: ${announcement}\n${end}\n`);
}
