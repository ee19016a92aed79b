import { BadRequestException } from '@nestjs/common';
import { isRemoval, operationIn } from '../frames/key-operation.js';
import { isControlMessage } from '../frames/message-headers.js';
import type { Admitted } from '../hub/admission.js';
import type { StreamLog } from '../log/stream-log.js';

/**
 * Checks before anything is sent that the initial values fit into a page.
 *
 * @throws BadRequestException if there are more
 */
export function requireSubjectLimit(
  { latest }: Pick<StreamLog, 'latest'>,
  { channel, plan, replay }: Pick<Admitted, 'channel' | 'plan' | 'replay'>,
  limit: number,
): void {
  if (plan.start !== 'last') return;
  const { set, encoder } = channel;
  const { notBeforeNanos } = plan;
  const { format } = encoder;
  let subjects = 0;
  if (latest.isCompleteFor(set)) {
    for (const { message } of latest.of(set, 0, channel.initial.position).entries) {
      const isLeftOut =
        message.timeNanos < (notBeforeNanos ?? 0n) ||
        isControlMessage(message, format) ||
        isRemoval(operationIn(format, message));
      if (!isLeftOut) subjects++;
    }
  } else if (notBeforeNanos === undefined && format.keyOperations !== true) {
    // With a time limit, and in a bucket, the consumer also counts values that the page skips.
    subjects = replay?.reader.pending ?? 0;
  }
  if (subjects > limit) {
    throw new BadRequestException(`Too many subjects: ${subjects}. The limit is ${limit}`);
  }
}
