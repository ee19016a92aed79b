import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { disposeAtEnd } from './disposal.js';
import { guardOrphan } from './orphan-guard.js';
import { until } from './until.js';

const MAIN = join('dist', 'src', 'main.js');

/** The options of a service. */
export interface ServiceOptions {
  /** Settings; they replace the whole environment except `PATH`, so that a test is isolated. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments for Node itself, such as `--expose-gc`. */
  readonly nodeArguments?: readonly string[];
  /** What to wait for: `ready` (default) for `/readyz`, `listening` for its log line, or nothing. */
  readonly waitFor?: 'ready' | 'listening' | 'nothing';
  /** Default 20 000 ms. */
  readonly timeoutMs?: number;
}

/** How a process ended. */
export interface ServiceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The built service as a child process, on a free port. Ends with the test file. */
export class Service {
  /** Standard output and error. */
  output = '';
  /** `http://127.0.0.1:port`; empty until it listens. */
  url = '';
  /** Resolves when the process has ended and its output was read. */
  readonly exited: Promise<ServiceExit>;
  private readonly child: ChildProcess;
  private over: ServiceExit | undefined;

  private constructor(options: ServiceOptions) {
    const main = join(process.cwd(), MAIN);
    if (!existsSync(main)) throw new Error(`${MAIN} is missing: run \`npm run build\` first`);
    const env = { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...options.env };
    this.child = spawn(process.execPath, [...(options.nodeArguments ?? []), main], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const guard = guardOrphan();
    guard.watch(this.child.pid ?? 0);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    const undispose = disposeAtEnd(() => this.stop().then(() => undefined));
    this.exited = once(this.child, 'close').then((close) => {
      const [code, signal] = close as [number | null, NodeJS.Signals | null];
      guard.release();
      undispose();
      return (this.over = { code, signal });
    });
  }

  /** Rejects with the process's output if it ends early or is not ready in time. */
  static async start(options: ServiceOptions = {}): Promise<Service> {
    const service = new Service(options);
    const { waitFor = 'ready', timeoutMs = 20_000 } = options;
    try {
      if (waitFor !== 'nothing') await service.waitUntilListening(timeoutMs);
      if (waitFor === 'ready') await service.waitUntilReady(timeoutMs);
    } catch (error) {
      await service.stop('SIGKILL');
      throw error;
    }
    return service;
  }

  /** Starts a service that is expected to exit, and resolves to its exit. */
  static async run(options: ServiceOptions = {}): Promise<ServiceExit & { output: string }> {
    const service = await Service.start({ ...options, waitFor: 'nothing' });
    await until(() => service.over, {
      timeoutMs: options.timeoutMs ?? 20_000,
      what: () => `the service to end:\n${service.output}`,
    });
    return { ...(await service.exited), output: service.output };
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The lines of the output that are JSON: the log of a production start. */
  get logs(): Record<string, unknown>[] {
    return this.output.split('\n').flatMap(parseLogLine);
  }

  /** Stops reading standard output and error, like a log collector that ends. */
  closeOutput(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops the service, and resolves when it has ended; can be called twice. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ServiceExit> {
    if (this.over) return this.over;
    this.child.kill(signal);
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), 15_000);
    try {
      return await this.exited;
    } finally {
      clearTimeout(impatience);
    }
  }

  async waitUntilListening(timeoutMs = 20_000): Promise<void> {
    this.url = await this.waitFor(() => findUrl(this.output), 'listening', timeoutMs);
  }

  async waitUntilReady(timeoutMs = 20_000): Promise<void> {
    await this.waitFor(async () => (await fetch(`${this.url}/readyz`)).ok, 'ready', timeoutMs);
  }

  private waitFor<T>(
    condition: () => T | Promise<T>,
    what: string,
    timeoutMs: number,
  ): Promise<Exclude<T, false | null | undefined>> {
    const early = this.exited.then(({ code, signal }) => {
      const how = signal ? `by ${signal}` : `with code ${code}`;
      throw new Error(`the service ended ${how} before it was ${what}:\n${this.output}`);
    });
    const options = { timeoutMs, what: () => `the service to be ${what}:\n${this.output}` };
    return Promise.race([until(condition, options), early]);
  }
}

/** The URL that the service logged, as reachable from this process. */
function findUrl(output: string): string | undefined {
  const line = output.split('\n').find((text) => /listening/i.test(text) && /https?:/.test(text));
  const port = /https?:\/\/(?:\[[^\]]*\]|[^\s:/"]+):(\d+)/.exec(line ?? '')?.[1];
  return port && `http://127.0.0.1:${port}`;
}

function parseLogLine(line: string): Record<string, unknown>[] {
  try {
    return line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : [];
  } catch {
    return [];
  }
}
