import type { DropReason } from '@nuts/metrics';
import type { StreamMessage } from '@nuts/nats';

/** Why a message is announced instead of delivered (contract §3). */
export type GapReason = 'oversized' | 'raw_not_text' | 'mapper_error';

/** The reason in the gap event for a dropped message. */
export function gapReason(dropped: DropReason): GapReason {
  return dropped === 'raw_not_text' || dropped === 'mapper_error' ? dropped : 'oversized';
}

/**
 * The frame for a message that cannot be delivered. `size` is the size of the published payload in bytes,
 * even if only the frame around it was too large, because publishers can look that up. The gap event itself
 * is not subject to `max_event_size`.
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
