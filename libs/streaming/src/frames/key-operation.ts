import type { FrameFormat } from '../hub/hub-options.interface.js';
import { firstHeader, type WithHeaders } from './message-headers.js';

/** A message's operation on its key (contract §9). */
export type KeyOperation = 'put' | 'delete' | 'purge';

const OPERATIONS: ReadonlyMap<string, KeyOperation> = new Map([
  ['DEL', 'delete'],
  ['PURGE', 'purge'],
]);
/** Reasons in the markers that the server writes at a limit (NATS ADR-48), interpreted as nats.go does. */
const MARKER_REASONS: ReadonlyMap<string, KeyOperation> = new Map([
  ['MaxAge', 'purge'],
  ['Purge', 'purge'],
  ['Remove', 'delete'],
]);

/** The operation of a message in a hub with this format; undefined in a hub over a stream. */
export function operationIn(
  { keyOperations }: Pick<FrameFormat, 'keyOperations'>,
  message: WithHeaders,
): KeyOperation | undefined {
  return keyOperations === true ? keyOperation(message) : undefined;
}

/** Whether the key was deleted: there is no payload and no initial value. */
export function isRemoval(operation: KeyOperation | undefined): boolean {
  return operation !== undefined && operation !== 'put';
}

/** Reads the operation as NATS clients do: from their own header first, then from a marker's reason. */
export function keyOperation(message: WithHeaders): KeyOperation {
  const written = firstHeader(message, 'KV-Operation') ?? '';
  if (written !== '') return OPERATIONS.get(written) ?? 'put';
  return MARKER_REASONS.get(firstHeader(message, 'Nats-Marker-Reason') ?? '') ?? 'put';
}
