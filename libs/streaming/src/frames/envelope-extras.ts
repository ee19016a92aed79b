import type { StreamMessage } from '@nuts/nats';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import type { FrameRole } from './frame-role.js';
import type { KeyOperation } from './key-operation.js';
import { traceParentOf } from './trace-parent.js';

/**
 * The optional envelope fields after `time`, each preceded by a comma; ASCII only.
 * - `operation`: in a bucket, the message's operation on its key.
 * - `trace`: the message's `traceparent`, with `trace_context`.
 * - `sequence`: for an initial value, which has no ID (contract §9).
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
