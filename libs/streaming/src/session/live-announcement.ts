import type { RequestedStart } from '@nuts/auth';
import { liveFrame } from '../frames/control-frames.js';
import { formatEventId } from '../frames/event-id.js';
import type { HubOptions } from '../hub/hub-options.interface.js';
import type { StreamLog } from '../log/stream-log.js';

/** Creates `event: live` for a position; undefined if the request has no `start` or `start=live`. */
export function liveAnnouncement(
  start: RequestedStart | undefined,
  log: StreamLog,
  options: HubOptions,
): ((sequence: number) => Buffer) | undefined {
  if (start === undefined || start.from === 'live') return undefined;
  return (sequence) => liveFrame(positionId(sequence, log, options));
}

/** The event ID of a position, with its stored time if known. */
export function positionId(sequence: number, log: StreamLog, options: HubOptions): string {
  const { position } = log;
  const timeNanos =
    position.sequence === sequence
      ? position.timeNanos
      : (log.messages.at(sequence)?.message.timeNanos ?? log.knownTime(sequence));
  const at = { sequence, ...(timeNanos !== undefined && { timeNanos }) };
  return formatEventId(options.format.eventId, at);
}
