import type { StreamMessage } from '@nuts/nats';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import type { FrameRole } from './frame-role.js';
import type { KeyOperation } from './key-operation.js';
import { traceParentOf } from './trace-parent.js';

/**
 * The optional fields of an envelope behind its `time`, each with a comma before it; ASCII only.
 *
 * - `operation`: what the message did to its key, in a bucket.
 * - `trace`: the message's `traceparent`, where the hub shows it (`trace_context`).
 * - `sequence`: of an initial value, which has no id (contract §9).
 */
export function envelopeExtras(
  message: StreamMessage,
  { traceContext }: FrameFormat,
  role: FrameRole,
  operation?: KeyOperation,
): string {
  const change = operation === undefined ? '' : `,"operation":"${operation}"`;
  const trace = traceContext === true ? traceParentOf(message) : undefined;
  const sequence = role === 'initial' ? `,"sequence":${message.sequence}` : '';
  return trace === undefined ? change + sequence : `${change},"trace":"${trace}"${sequence}`;
}
