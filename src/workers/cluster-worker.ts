import cluster from 'node:cluster';
import type { WorkerAssignment, WorkerMessage } from './worker-messages.js';
import type { StartWorker } from './worker-process.interface.js';

/** The environment variable with a worker's assignment, as JSON. */
const ASSIGNMENT = 'NUTS_WORKER_ASSIGNMENT';

/** Starts workers with Node's cluster, with this process's own arguments and output. */
export function clusterWorkers(): StartWorker {
  // Preserves numbers that JSON does not support.
  cluster.setupPrimary({ serialization: 'advanced' });
  return (assignment, events) => {
    const worker = cluster.fork({ [ASSIGNMENT]: JSON.stringify(assignment) });
    worker.on('message', (message: WorkerMessage) => events.message(message));
    worker.once('exit', (code: number | null, signal: string | null) =>
      events.exit({ code, signal }),
    );
    // A failed send means that the process has ended; its `exit` event follows.
    worker.on('error', () => undefined);
    return {
      pid: worker.process.pid ?? 0,
      send: (message) => void worker.send(message, () => undefined),
      kill: (signal) => void worker.process.kill(signal),
    };
  };
}

/**
 * The assignment of this worker; undefined if the process is not a worker. Removes it from the environment,
 * because it is not a setting and not meant for child processes.
 */
export function takeAssignment(env: NodeJS.ProcessEnv): WorkerAssignment | undefined {
  const text = env[ASSIGNMENT];
  delete env[ASSIGNMENT];
  if (text === undefined || !cluster.isWorker) return undefined;
  return JSON.parse(text) as WorkerAssignment;
}
