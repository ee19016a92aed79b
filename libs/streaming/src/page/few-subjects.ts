import { BadRequestException } from '@nestjs/common';
import type { Admitted } from '../hub/admission.js';
import type { StreamLog } from '../log/stream-log.js';

/**
 * Checks before anything is sent that the initial values fit into a page.
 *
 * @throws BadRequestException when they are more
 */
export function requireFewSubjects(
  { latest }: Pick<StreamLog, 'latest'>,
  { channel: { set }, plan, replay }: Pick<Admitted, 'channel' | 'plan' | 'replay'>,
  limit: number,
): void {
  if (plan.start !== 'last') return;
  const { notBeforeNanos } = plan;
  let subjects = 0;
  if (latest.tells(set)) {
    for (const { message } of latest.of(set, 0, Infinity).entries) {
      if (message.timeNanos >= (notBeforeNanos ?? 0n)) subjects++;
    }
  } else if (notBeforeNanos === undefined) {
    // With a bound in time the consumer would count values that the page has not.
    subjects = replay?.reader.pending ?? 0;
  }
  if (subjects > limit) {
    throw new BadRequestException(`Too many subjects: ${subjects}, at most ${limit}`);
  }
}
