import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cpuMs, residentBytes } from './process-facts.js';
import { until } from './until.js';

/** How a program is started. */
export interface Launch {
  readonly script: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
}

const PROBE = join(import.meta.dirname, 'memory-probe.js');

/** A server under test in its own process: the service, or a limit program. */
export class Program {
  output = '';
  private readonly child: ChildProcess;

  private constructor({ script, env = {}, nodeFlags = [] }: Launch) {
    // Every program has the memory probe, so that it affects all equally.
    const flags = ['--expose-gc', ...nodeFlags, '--import', PROBE];
    this.child = spawn(process.execPath, [...flags, script], {
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.keep(text));
    }
  }

  /** Resolves when the program listens and, with a probe path, is ready. */
  static async start(launch: Launch, readyPath?: string): Promise<Program> {
    const program = new Program(launch);
    const isThere = async (): Promise<boolean> => {
      if (program.child.exitCode !== null) throw new Error(`it ended:\n${program.output}`);
      if (program.origin === '') return false;
      return readyPath === undefined || (await fetch(program.origin + readyPath)).ok;
    };
    await until(isThere, launch.script, () => program.output);
    return program;
  }

  /** `http://127.0.0.1:port`; empty until it listens. */
  get origin(): string {
    const [, port] = /listening[^\n]*https?:\/\/[^\s:/"]+:(\d+)/i.exec(this.output) ?? [];
    return port === undefined ? '' : `http://127.0.0.1:${port}`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  cpuMs(): number {
    return cpuMs(this.pid);
  }

  residentBytes(): number {
    return residentBytes(this.pid);
  }

  /** Memory after a collection. */
  memory(): Promise<NodeJS.MemoryUsage> {
    return this.ask({ memory: true });
  }

  /** One request over the program's IPC channel. */
  async ask<T>(message: object): Promise<T> {
    const answer = once(this.child, 'message');
    this.child.send(message);
    const ended = once(this.child, 'exit').then(() => {
      throw new Error(`a program ended before it answered:\n${this.output}`);
    });
    ended.catch(() => undefined);
    const [reply] = (await Promise.race([answer, ended])) as [T];
    return reply;
  }

  /** @param signal `SIGTERM` if the program should write its profile */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }

  /** The beginning of the log contains the port, or the cause of a failed start. */
  private keep(text: string): void {
    if (this.output.length < 64 * 1024) this.output += text;
  }
}
