import type { GroupReport } from '../load/load-protocol.interface.js';

/** Less than any frame of the benchmark, more than a heartbeat that only some clients received. */
const TOLERANCE_BYTES = 150;

/**
 * Speed counts only when everything arrived: the checking clients had every frame once and in order,
 * and all others got as many bytes.
 */
export function verify(report: GroupReport, messages: number): void {
  const { checking, checkedFrames, disorder, lost, fewestBytes, mostBytes } = report;
  const expected = checking * messages;
  if (lost > 0) throw new Error(`${lost} connections were lost`);
  if (disorder > 0) throw new Error(`${disorder} frames came out of order or twice`);
  if (checkedFrames !== expected) {
    throw new Error(`the checking clients had ${checkedFrames} frames instead of ${expected}`);
  }
  if (mostBytes - fewestBytes > TOLERANCE_BYTES) {
    throw new Error(`clients of one group had ${fewestBytes} to ${mostBytes} bytes`);
  }
}
