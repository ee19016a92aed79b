import { isCount, isProcess, readObject } from '../bus/read-message.js';

/** Pairs of client and count per message. */
export const MAX_COUNTS = 2000;
/** Parts per snapshot: enough for two million clients. */
const MAX_PARTS = 1000;
/** A quoted key and its count take about 24 bytes. */
const MAX_LENGTH = MAX_COUNTS * 48;
const KEY_LENGTH = 16;

/** Streams per client as a flat list: key, count, key, … Counts are absolute; 0 = no streams left. */
export type FlatCounts = readonly (string | number)[];

/** A process's state. `seq` counts its changes from 1. */
export type StateMessage =
  /** A heartbeat with the number of the last change. `asks` requests one in return. */
  | {
      readonly type: 'here';
      readonly process: string;
      readonly seq: number;
      readonly asks?: boolean;
    }
  /** The changes since the last message. */
  | {
      readonly type: 'changes';
      readonly process: string;
      readonly seq: number;
      readonly counts: FlatCounts;
    }
  /** All counts, in parts numbered from 1. */
  | {
      readonly type: 'snapshot';
      readonly process: string;
      readonly seq: number;
      readonly part: number;
      readonly parts: number;
      readonly counts: FlatCounts;
    }
  /** The process has left. */
  | { readonly type: 'bye'; readonly process: string };

/** Undefined for an invalid message. */
export function readState(data: Uint8Array): StateMessage | undefined {
  const message = readObject(data, MAX_LENGTH);
  if (message === undefined) return undefined;
  const { type, process, seq, asks, counts, part, parts } = message;
  if (!isProcess(process)) return undefined;
  if (type === 'bye') return { type, process };
  if (!isCount(seq, Number.MAX_SAFE_INTEGER)) return undefined;
  if (type === 'here') return { type, process, seq, ...(asks === true && { asks }) };
  if (!areCounts(counts)) return undefined;
  if (type === 'changes') return { type, process, seq, counts };
  if (type !== 'snapshot' || !isCount(parts, MAX_PARTS, 1) || !isCount(part, parts, 1)) {
    return undefined;
  }
  return { type, process, seq, part, parts, counts };
}

function areCounts(value: unknown): value is FlatCounts {
  if (!Array.isArray(value) || value.length % 2 !== 0 || value.length > MAX_COUNTS * 2) {
    return false;
  }
  return value.every((item: unknown, index) =>
    index % 2 === 0
      ? typeof item === 'string' && item.length === KEY_LENGTH
      : isCount(item, 1_000_000),
  );
}
