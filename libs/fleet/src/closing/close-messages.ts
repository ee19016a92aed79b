import { isCount, isProcess, isText, readObject } from '../bus/read-message.js';

/** A token's decoded part is bounded by 6 KiB (contract §6): no subject is longer. */
const LONGEST_SUBJECT = 6 * 1024;
const LONGEST_REQUEST = 64 * 1024;
/** Of a reply subject: NATS takes longer ones, and no client makes them. */
const LONGEST_KEY = 1024;

/** A request to close a client's streams. */
export interface CloseRequest {
  readonly subject: string;
  /** The process of the fleet that asks. */
  readonly process?: string;
  /** With `process`: it wants tallies of this key, and adds them up itself. */
  readonly key?: string;
}

/** How many streams a process closed for a request. */
export interface CloseTally {
  readonly key: string;
  readonly process: string;
  readonly closed: number;
}

/** Undefined for whatever is no such request. */
export function readCloseRequest(data: Uint8Array): CloseRequest | undefined {
  const { subject, key, process } = readObject(data, LONGEST_REQUEST) ?? {};
  if (!isText(subject, LONGEST_SUBJECT)) return undefined;
  if (!isProcess(process)) return { subject };
  return { subject, process, ...(isText(key, LONGEST_KEY) && { key }) };
}

/** Undefined for whatever is no tally. */
export function readTally(data: Uint8Array): CloseTally | undefined {
  const { key, process, closed } = readObject(data, LONGEST_KEY * 2) ?? {};
  if (!isText(key, LONGEST_KEY) || !isProcess(process) || !isCount(closed, 10_000_000)) {
    return undefined;
  }
  return { key, process, closed };
}
