import { isCount, isProcess, isText, readObject } from '../bus/read-message.js';

/** A token's decoded part is at most 6 KiB (contract §6), so no subject is longer. */
const LONGEST_SUBJECT = 6 * 1024;
const LONGEST_REQUEST = 64 * 1024;
/** Maximum length of a reply subject. NATS accepts longer ones, but no client generates them. */
const LONGEST_KEY = 1024;

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
  const { subject, key, process } = readObject(data, LONGEST_REQUEST) ?? {};
  if (!isText(subject, LONGEST_SUBJECT)) return undefined;
  if (!isProcess(process)) return { subject };
  return { subject, process, ...(isText(key, LONGEST_KEY) && { key }) };
}

/** Undefined for an invalid tally. */
export function readTally(data: Uint8Array): CloseTally | undefined {
  const { key, process, closed } = readObject(data, LONGEST_KEY * 2) ?? {};
  if (!isText(key, LONGEST_KEY) || !isProcess(process) || !isCount(closed, 10_000_000)) {
    return undefined;
  }
  return { key, process, closed };
}
