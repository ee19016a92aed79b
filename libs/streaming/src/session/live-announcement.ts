import type { RequestedStart } from '@nuts/auth';
import { liveFrame } from '../frames/control-frames.js';
import { formatEventId } from '../frames/event-id.js';
import type { HubOptions } from '../hub/hub-options.interface.js';
import type { StreamLog } from '../log/stream-log.js';

/** Makes `event: live` for a position; undefined for a request without a start other than live. */
export function liveAnnouncement(
  start: RequestedStart | undefined,
  log: StreamLog,
  options: HubOptions,
): ((sequence: number) => Buffer) | undefined {
  if (start === undefined || start.from === 'live') return undefined;
  return (sequence) => {
    const at = log.position.sequence === sequence ? log.position : { sequence };
    return liveFrame(formatEventId(options.format.eventId, at));
  };
}
