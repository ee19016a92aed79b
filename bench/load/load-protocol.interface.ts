import type { HistogramData } from './histogram.js';

/** A group of clients that a load process opens. */
export interface OpenGroup {
  readonly group: string;
  readonly count: number;
  /** Number of the group's first client in this process: `{i}` in the URL continues from it. */
  readonly offset: number;
  /** Absolute URL; `{i}` stands for the client's number. */
  readonly url: string;
  readonly lastEventId?: string;
  /** Concurrent requests. */
  readonly concurrency: number;
  /** What each client must receive to count as open: the first block, or an ID. */
  readonly until: 'connected' | number;
  /** One in this many clients checks each frame; the others count bytes. */
  readonly checkEvery: number;
  /** Clients that stop reading once they are connected. */
  readonly stalled: boolean;
  /** Whether they accept gzip. Those that do not check each frame only count bytes then. */
  readonly gzip: boolean;
}

/** The result of opening a group. Times are Unix times in ms. */
export interface OpenedGroup {
  readonly beganMs: number;
  readonly endedMs: number;
  /** From a client's connect to what it waited for. */
  readonly opening: HistogramData;
}

/** The state of a group. */
export interface GroupReport {
  readonly clients: number;
  /** Connections that ended, were cut or were refused. */
  readonly lost: number;
  /** Bytes of all bodies, of the client with the fewest, and of the one with the most. */
  readonly bytes: number;
  readonly fewestBytes: number;
  readonly mostBytes: number;
  /** Checking clients, and the frames with data that they received. */
  readonly checking: number;
  readonly checkedFrames: number;
  /** IDs that did not increase. */
  readonly disorder: number;
  /** From storage to receipt, as measured by the checking clients. */
  readonly latency: HistogramData;
}

/** The calls of a load process, with their answers. */
export interface LoadCalls {
  open(params: OpenGroup): Promise<OpenedGroup>;
  /** Waits until every client of the group has this ID; answers with the time when the last one had it. */
  until(params: { group: string; id: number; timeoutMs: number }): Promise<{ endedMs: number }>;
  report(params: { group: string }): Promise<GroupReport>;
  /** Resets all counts of a group. */
  reset(params: { group: string }): Promise<void>;
  close(params: { group: string }): Promise<void>;
  /** CPU time that the load process has used, ms. */
  cpu(params: Record<string, never>): Promise<{ ms: number }>;
}

/** A call to a load process. */
export interface LoadRequest {
  readonly number: number;
  readonly method: keyof LoadCalls;
  readonly params: unknown;
}

/** The answer to a call. */
export interface LoadReply {
  readonly number: number;
  readonly result?: unknown;
  readonly error?: string;
}
