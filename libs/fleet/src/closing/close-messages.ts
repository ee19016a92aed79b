import { isCount, isProcess, isText, readObject } from '../bus/read-message.js';

/** A token's decoded part is at most 6 KiB (contract §6), so no subject is longer. */
const MAX_SUBJECT_LENGTH = 6 * 1024;
const MAX_REQUEST_LENGTH = 64 * 1024;
/** Maximum length of a reply subject. NATS accepts longer ones, but no client generates them. */
const MAX_KEY_LENGTH = 1024;

/** A request to close a client's streams. */
export interface CloseRequest {
  readonly subject: string;
  /** The requesting process of the fleet. */
  readonly process?: string;
  /** With `process`: it collects tallies with this key itself. */
  readonly key?: string;
}

/** How many streams a process closed for a request. */
export interface CloseTally {
  readonly key: string;
  readonly process: string;
  readonly closed: number;
}

/** Undefined for an invalid request. */
export function readCloseRequest(data: Uint8Array): CloseRequest | undefined {
  const { subject, key, process } = readObject(data, MAX_REQUEST_LENGTH) ?? {};
  if (!isText(subject, MAX_SUBJECT_LENGTH)) return undefined;
  if (!isProcess(process)) return { subject };
  return { subject, process, ...(isText(key, MAX_KEY_LENGTH) && { key }) };
}

/** Undefined for an invalid tally. */
export function readTally(data: Uint8Array): CloseTally | undefined {
  const { key, process, closed } = readObject(data, MAX_KEY_LENGTH * 2) ?? {};
  if (!isText(key, MAX_KEY_LENGTH) || !isProcess(process) || !isCount(closed, 10_000_000)) {
    return undefined;
  }
  return { key, process, closed };
}
