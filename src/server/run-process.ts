import { loadConfiguration } from '../config/configuration.loader.js';
import type { ProcessOptions } from '../config/process-options.interface.js';
import { ServiceLogger } from '../logging/index.js';
import { takeAssignment } from '../workers/cluster-worker.js';
import { WorkerLink } from '../workers/worker-link.js';
import { ignoreClosedOutput } from './closed-output.js';
import { NutsServer } from './nuts-server.js';
import { ShutdownSignals } from './shutdown-signals.js';
import { startPrimary } from './start-primary.js';

/**
 * The service as a process: configuration from the environment, signals, exit codes (contract §7). Exits
 * with 0 after SIGTERM, SIGINT or SIGHUP, and with 1 and one sentence if it cannot run. With several
 * workers (contract §14), it is the primary or one of them.
 */
export async function runProcess(): Promise<void> {
  ignoreClosedOutput();
  // An invariant is broken and the state unknown: exit, so that a supervisor starts a new process.
  process.on('uncaughtException', (error) => fail(`unexpected error, exiting: ${oneLine(error)}`));
  process.on('unhandledRejection', (reason) => {
    throw reason instanceof Error ? reason : new Error(String(reason));
  });
  let running: { stop(): Promise<void> } | undefined;
  const end = new ShutdownSignals(() => running?.stop());
  const assignment = takeAssignment(process.env);
  const link = assignment && new WorkerLink(assignment, process, () => end.begin());
  // Errors during the shutdown are not reported.
  const cannotRun = (sentence: string): void => {
    if (end.hasBegun) return;
    if (link === undefined) fail(sentence);
    else void link.failed(sentence).then(() => process.exit(1));
  };

  try {
    const options = loadConfiguration(process.env);
    const logger = loggerOf(options, link);
    if (link === undefined) {
      for (const warning of options.warnings) logger.warn(warning, 'Configuration');
    }
    if (options.workers > 1 && link === undefined) {
      running = await startPrimary(options, logger, cannotRun);
      return;
    }
    const server = await NutsServer.start({ ...options, ...link?.ports }, logger, link);
    running = server;
    server.failure$.subscribe(({ message }) => cannotRun(message));
    link?.serving();
  } catch (error) {
    cannotRun(error instanceof Error ? error.message : String(error));
  }
}

function loggerOf({ logLevel }: ProcessOptions, link: WorkerLink | undefined): ServiceLogger {
  return new ServiceLogger({
    level: logLevel,
    json: wantsJson(),
    ...(link && { fields: { worker: link.assignment.worker } }),
  });
}

/** Readable text in a terminal or in development, otherwise lines for a log collector. */
function wantsJson(): boolean {
  const mode = process.env['NODE_ENV'];
  return mode === 'production' || (mode !== 'development' && !process.stdout.isTTY);
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Includes the stack, without which the cause of an unexpected error could not be found. */
function oneLine(error: Error): string {
  return (error.stack ?? error.message).replace(/\s*\n\s*/g, ' | ');
}
