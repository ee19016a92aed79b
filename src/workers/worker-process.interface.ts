import type { WorkerAssignment, WorkerMessage } from './worker-messages.js';

/** How a process ended. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The events of a started process. */
export interface WorkerEvents {
  readonly message: (message: WorkerMessage) => void;
  readonly exit: (exit: WorkerExit) => void;
}

/** A worker's process, from the primary's point of view. */
export interface WorkerProcess {
  readonly pid: number;
  /** Does nothing if the channel is closed. */
  send(message: WorkerMessage): void;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a process. */
export type StartWorker = (assignment: WorkerAssignment, events: WorkerEvents) => WorkerProcess;
