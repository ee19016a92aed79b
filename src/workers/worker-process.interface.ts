import type { WorkerAssignment, WorkerMessage } from './worker-messages.js';

/** How a process ended. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What a process that was started tells. */
export interface WorkerEvents {
  readonly message: (message: WorkerMessage) => void;
  readonly exit: (exit: WorkerExit) => void;
}

/** A worker's process, seen from the primary. */
export interface WorkerProcess {
  readonly pid: number;
  /** A channel that is closed swallows the message. */
  send(message: WorkerMessage): void;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a process. */
export type StartWorker = (assignment: WorkerAssignment, events: WorkerEvents) => WorkerProcess;
