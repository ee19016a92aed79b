import type { HistogramData } from './histogram.js';

/** A group of clients that a load process opens. */
export interface OpenGroup {
  readonly group: string;
  readonly count: number;
  /** Number of the group's first client in this process: `{i}` in the URL counts on from it. */
  readonly offset: number;
  /** Absolute URL; `{i}` stands for the client's number. */
  readonly url: string;
  readonly lastEventId?: string;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** What each client waits for before it counts as open: the first block, or an id. */
  readonly until: 'connected' | number;
  /** Every so many clients checks each frame; the others count bytes. */
  readonly checkEvery: number;
  /** Clients that stop to read once they are connected. */
  readonly stalled: boolean;
  /** Whether they accept gzip. Those that do not check each frame only count bytes then. */
  readonly gzip: boolean;
}

/** What became of a group's opening. Moments are Unix times in ms. */
export interface OpenedGroup {
  readonly beganMs: number;
  readonly endedMs: number;
  /** From a client's connect to what it waited for. */
  readonly opening: HistogramData;
}

/** The state of a group. */
export interface GroupReport {
  readonly clients: number;
  /** Connections that ended, were cut or refused. */
  readonly lost: number;
  /** Bytes of all bodies, of the client with the fewest, and of the one with the most. */
  readonly bytes: number;
  readonly fewestBytes: number;
  readonly mostBytes: number;
  /** Clients that check, and the frames with data that they got. */
  readonly checking: number;
  readonly checkedFrames: number;
  /** Ids that did not rise. */
  readonly disorder: number;
  /** From stored to received, as the checking clients saw it. */
  readonly latency: HistogramData;
}

/** What can be asked of a load process, and what it answers. */
export interface LoadCalls {
  open(params: OpenGroup): Promise<OpenedGroup>;
  /** Waits until every client of the group has this id; answers when the last one had it. */
  until(params: { group: string; id: number; timeoutMs: number }): Promise<{ endedMs: number }>;
  report(params: { group: string }): Promise<GroupReport>;
  /** Sets all counts of a group back to zero. */
  reset(params: { group: string }): Promise<void>;
  close(params: { group: string }): Promise<void>;
  /** CPU time that the load process has used, ms. */
  cpu(params: Record<string, never>): Promise<{ ms: number }>;
}

/** A call on its way to a load process. */
export interface LoadRequest {
  readonly number: number;
  readonly method: keyof LoadCalls;
  readonly params: unknown;
}

/** An answer on its way back. */
export interface LoadReply {
  readonly number: number;
  readonly result?: unknown;
  readonly error?: string;
}
