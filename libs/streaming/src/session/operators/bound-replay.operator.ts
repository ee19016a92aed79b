import { Observable, type OperatorFunction } from 'rxjs';
import type { Segment } from '../../channel/segment.js';
import type { Outbound, StreamEnd } from '../outbound.js';

/**
 * Ends a stream after a number of historical messages (`replay_max_messages`, contract §4). The segment
 * that reaches the limit is cut after it, so that the client's cursor is its last message. Gaps do not
 * count. Live messages pass unchanged.
 *
 * @param max undefined = no limit
 * @param historyThrough messages above this sequence are live
 * @param end ends the stream
 */
export function boundReplay(
  max: number | undefined,
  historyThrough: number,
  end: StreamEnd,
): OperatorFunction<Segment, Outbound> {
  return (source) => {
    if (max === undefined) return source;
    return new Observable<Outbound>((subscriber) => {
      let left = max;
      return source.subscribe({
        next: (segment) => {
          if (left <= 0) return;
          const taken = framesWithin(segment, historyThrough, left);
          left -= taken.messages;
          subscriber.next(segment.take(taken.frames));
          if (left <= 0) subscriber.next(end);
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
  };
}

/** How many frames of a segment are within the limit, and how many of them are historical messages. */
function framesWithin(
  segment: Segment,
  historyThrough: number,
  left: number,
): { frames: number; messages: number } {
  let messages = 0;
  for (let index = 0; index < segment.frames; index++) {
    if (segment.sequenceAt(index) > historyThrough) break;
    if (!segment.isGapAt(index) && ++messages === left) return { frames: index + 1, messages };
  }
  return { frames: segment.frames, messages };
}
