import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAtEnd } from '../disposal.js';
import { freePort } from '../free-port.js';
import { guardOrphan } from '../orphan-guard.js';
import { until } from '../until.js';
import { natsConfig } from './nats-config.js';
import type { NatsServer, NatsServerOptions } from './nats-server.interface.js';

const START_MS = 15_000;
const SHUTDOWN_MS = 10_000;

/** A nats-server that runs as a child process. */
export class BinaryNats implements NatsServer {
  readonly name: string;
  log = '';
  version = '';
  port = -1;
  private monitorPort: number | undefined;
  private child: ChildProcess | undefined;
  private readonly home = mkdtempSync(join(tmpdir(), 'nuts-nats-'));
  private readonly guard = guardOrphan(this.home);
  private readonly undispose = disposeAtEnd(() => this.stop());

  static async start(binary: string, options: NatsServerOptions): Promise<BinaryNats> {
    const server = new BinaryNats(binary, options);
    server.port = await freePort();
    try {
      await server.launch();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  private constructor(
    private readonly binary: string,
    private readonly options: NatsServerOptions,
  ) {
    this.name = options.name ?? this.home.slice(-6);
    if (options.monitor) this.monitorPort = -1;
    const files = Object.entries(options.files ?? {});
    for (const [file, content] of files) writeFileSync(join(this.home, file), content);
    mkdirSync(join(this.home, 'store'));
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get monitor(): string | undefined {
    return this.monitorPort === undefined ? undefined : `http://127.0.0.1:${this.monitorPort}`;
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async shutdown(): Promise<void> {
    await this.end('SIGTERM');
  }

  async restart(): Promise<void> {
    await this.kill();
    // Another process may occupy the port briefly, for an outgoing connection.
    await until(() => this.launch().then(() => true), { timeoutMs: START_MS, what: 'a restart' });
  }

  async freeze(): Promise<void> {
    this.child?.kill('SIGSTOP');
    // The signal stops the threads one after another: without this, the server still answers once.
    await until(() => isStopped(this.child?.pid ?? 0), { what: 'the server to stand still' });
  }

  thaw(): Promise<void> {
    this.child?.kill('SIGCONT');
    return Promise.resolve();
  }

  lameDuck(): Promise<void> {
    this.child?.kill('SIGUSR2');
    return Promise.resolve();
  }

  async reload(config: string): Promise<void> {
    const before = this.log.length;
    this.configure({ ...this.options, config });
    this.child?.kill('SIGHUP');
    await until(() => /Reloaded server|Failed to reload/.test(this.log.slice(before)), {
      what: 'the server to reload its configuration',
    });
  }

  async stop(): Promise<void> {
    this.undispose();
    this.child?.kill('SIGCONT');
    await this.end('SIGTERM');
    this.guard.release();
    rmSync(this.home, { recursive: true, force: true });
  }

  private configure(options: NatsServerOptions): string {
    const file = join(this.home, 'nats.conf');
    const text = natsConfig(options, {
      name: this.name,
      host: '127.0.0.1',
      port: this.port,
      monitorPort: this.monitorPort,
      routeHost: () => '127.0.0.1',
      storeDirectory: join(this.home, 'store'),
      filesDirectory: this.home,
    });
    writeFileSync(file, text);
    return file;
  }

  private async launch(): Promise<void> {
    const before = this.log.length;
    const child = spawn(this.binary, ['-c', this.configure(this.options)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    const failed = new Promise<Error>((resolve) => child.once('error', resolve));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    if (child.pid !== undefined) this.guard.watch(child.pid);
    const sinceLaunch = (): string => this.log.slice(before);
    const ready = until(
      () => sinceLaunch().includes('Server is ready') || child.exitCode !== null,
      { timeoutMs: START_MS, what: () => `${this.binary} to be ready:\n${sinceLaunch()}` },
    );
    const outcome = await Promise.race([ready, failed]);
    if (outcome instanceof Error) throw outcome;
    if (child.exitCode !== null) {
      throw new Error(`${this.binary} exited with code ${child.exitCode}:\n${sinceLaunch()}`);
    }
    this.readLog(sinceLaunch());
  }

  private readLog(log: string): void {
    this.version = /Version:\s+(\S+)/.exec(log)?.[1] ?? '';
    this.port = Number(/client connections on [^ ]*:(\d+)/.exec(log)?.[1]);
    const monitor = /http monitor on [^ ]*:(\d+)/.exec(log)?.[1];
    if (monitor) this.monitorPort = Number(monitor);
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined) return;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      const impatience = setTimeout(() => child.kill('SIGKILL'), SHUTDOWN_MS);
      await exited;
      clearTimeout(impatience);
    }
    this.guard.watch(0);
  }
}

function isStopped(pid: number): boolean {
  if (process.platform !== 'linux') return true;
  return readdirSync(`/proc/${pid}/task`).every((task) =>
    /\) T /.test(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')),
  );
}
