import type { NatsReply } from '@nuts/nats';
import {
  defer,
  EMPTY,
  filter,
  map,
  type OperatorFunction,
  takeWhile,
  throwError,
  timeout,
} from 'rxjs';
import { parseProgress, parseTotal } from './progress.js';
import { RequestFailure } from './request-failure.js';
import type { Reply, ReplyProgress } from './reply.interface.js';

/** The lowest status code of an error, as in the NATS clients. */
const FIRST_ERROR_STATUS = 300;
const CODE = /^\d{1,9}$/;

/**
 * Turns the messages of a service into replies (contract §11). Completes with an empty message without a
 * status. Errors with a {@link RequestFailure} for a service error, or if the next reply does not arrive
 * within `timeoutMs`. After the last reply of an announced total, silence completes it.
 */
export function readReplies(timeoutMs: number): OperatorFunction<NatsReply, Reply> {
  return (source) =>
    defer(() => {
      let count = 0;
      let total: number | undefined;
      let newest: ReplyProgress | undefined;
      const progressOf = (reply: NatsReply): ReplyProgress | undefined => {
        count += 1;
        if (count === 1) total = parseTotal(reply.header('Nuts-Total'));
        const own = parseProgress(reply.header('Nuts-Progress'));
        return own ?? (total === undefined ? undefined : { done: count, total });
      };
      const isComplete = (): boolean => newest !== undefined && newest.done >= newest.total;
      return source.pipe(
        timeout({
          each: timeoutMs,
          with: () => (isComplete() ? EMPTY : throwError(() => new RequestFailure('timeout'))),
        }),
        takeWhile((reply) => !isEnd(reply)),
        filter((reply) => !isNotice(reply)),
        map((reply): Reply => {
          throwIfError(reply);
          newest = progressOf(reply);
          const contentType = reply.header('Content-Type');
          return {
            payload: reply.data,
            ...(newest && { progress: newest }),
            ...(contentType !== undefined && { contentType }),
          };
        }),
      );
    });
}

function errorCode(reply: NatsReply): string | undefined {
  return reply.header('Nats-Service-Error-Code');
}

function isEnd(reply: NatsReply): boolean {
  return reply.data.length === 0 && reply.status === 0 && errorCode(reply) === undefined;
}

/** A status without an error or content, such as an idle heartbeat. */
function isNotice({ data, status }: NatsReply): boolean {
  return data.length === 0 && status > 0 && status < FIRST_ERROR_STATUS;
}

function throwIfError(reply: NatsReply): void {
  const code = errorCode(reply);
  if (code !== undefined) {
    throw new RequestFailure('service_error', {
      code: CODE.test(code) ? Number(code) : 500,
      message: reply.header('Nats-Service-Error') ?? '',
    });
  }
  if (reply.status >= FIRST_ERROR_STATUS) {
    throw new RequestFailure('service_error', {
      code: reply.status,
      message: reply.description,
    });
  }
}
