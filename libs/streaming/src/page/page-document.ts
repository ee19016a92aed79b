import type { Plan } from '../plan/plan.js';

/** The beginning of a page, up to its first item (contract §9). */
export function pageHead(
  topics: readonly string[],
  { recovery, reason }: Pick<Plan, 'recovery' | 'reason'>,
): Buffer {
  const fields = JSON.stringify({ topics, recovery, ...(reason !== undefined && { reason }) });
  return Buffer.from(`${fields.slice(0, -1)},"messages":[`);
}

/**
 * The end of a page, after its last item.
 *
 * @param position the cursor of the next page
 */
export function pageTail(position: string, more: boolean): Buffer {
  return Buffer.from(`],"position":"${position}","more":${more}}`);
}
