import cluster from 'node:cluster';
import type { WorkerAssignment, WorkerMessage } from './worker-messages.js';
import type { StartWorker } from './worker-process.interface.js';

/** Holds a worker's assignment in its environment, as JSON. */
const ASSIGNMENT = 'NUTS_WORKER_ASSIGNMENT';

/** Starts workers by Node's cluster, with this process's own arguments and output. */
export function clusterWorkers(): StartWorker {
  // So that numbers that JSON does not know arrive as they are.
  cluster.setupPrimary({ serialization: 'advanced' });
  return (assignment, events) => {
    const worker = cluster.fork({ [ASSIGNMENT]: JSON.stringify(assignment) });
    worker.on('message', (message: WorkerMessage) => events.message(message));
    worker.once('exit', (code: number | null, signal: string | null) =>
      events.exit({ code, signal }),
    );
    // What cannot be sent is for a process that has ended; its `exit` follows.
    worker.on('error', () => undefined);
    return {
      pid: worker.process.pid ?? 0,
      send: (message) => void worker.send(message, () => undefined),
      kill: (signal) => void worker.process.kill(signal),
    };
  };
}

/**
 * What this process was started as by another one; undefined in a process of its own. Takes it out of the
 * environment: it is no setting, and not for children.
 */
export function takeAssignment(env: NodeJS.ProcessEnv): WorkerAssignment | undefined {
  const text = env[ASSIGNMENT];
  delete env[ASSIGNMENT];
  if (text === undefined || !cluster.isWorker) return undefined;
  return JSON.parse(text) as WorkerAssignment;
}
