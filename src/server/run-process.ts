import { constants } from 'node:os';
import { loadConfiguration } from '../config/configuration.loader.js';
import { ServiceLogger } from '../logging/index.js';
import { surviveClosedOutput } from './closed-output.js';
import { NutsServer } from './nuts-server.js';

/**
 * A signal to a process group reaches the service twice: itself, and passed on by npm, which is in
 * the group as well. What comes so soon after the first one is its echo.
 */
const ECHO_MS = 500;

/**
 * The service as a process: configuration out of the environment, signals, exit codes
 * (contract §7). Exits 0 after SIGTERM, SIGINT or SIGHUP, 1 with one sentence for what it cannot run with.
 */
export async function runProcess(): Promise<void> {
  surviveClosedOutput();
  // A broken invariant: the state is unknown, and a supervisor starts a process with a known one.
  process.on('uncaughtException', (error) => fail(`unexpected error, exiting: ${oneLine(error)}`));
  process.on('unhandledRejection', (reason) => {
    throw reason instanceof Error ? reason : new Error(String(reason));
  });
  // From here on, since a container's first process ignores signals that it does not handle.
  let server: NutsServer | undefined;
  let askedAt: number | undefined;
  const end = (signal: NodeJS.Signals): void => {
    if (askedAt !== undefined) {
      // A second signal comes from somebody who has no patience left.
      if (performance.now() - askedAt > ECHO_MS) process.exit(128 + constants.signals[signal]);
      return;
    }
    askedAt = performance.now();
    if (server === undefined) process.exit(0);
    void server.stop().then(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);

  try {
    const options = loadConfiguration(process.env);
    const logger = new ServiceLogger({ level: options.logLevel, json: wantsJson() });
    for (const warning of options.warnings) logger.warn(warning, 'Configuration');
    server = await NutsServer.start(options, logger);
    server.failure$.subscribe(({ message }) => {
      // What breaks while everything is taken down is no news.
      if (askedAt === undefined) fail(message);
    });
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

/** Text for people at a terminal or in development, else lines that a collector can parse. */
function wantsJson(): boolean {
  const mode = process.env['NODE_ENV'];
  return mode === 'production' || (mode !== 'development' && !process.stdout.isTTY);
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** With the stack: without it nobody could find the cause of what nobody expected. */
function oneLine(error: Error): string {
  return (error.stack ?? error.message).replace(/\s*\n\s*/g, ' | ');
}
