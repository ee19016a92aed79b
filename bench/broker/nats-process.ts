import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { until } from '../programs/until.js';

/** A nats-server with JetStream that the benchmark started. */
export class NatsProcess {
  log = '';
  private readonly home = mkdtempSync(join(tmpdir(), 'nuts-bench-'));
  private readonly child: ChildProcess;

  private constructor(binary: string, port: number) {
    const listen = ['-a', '127.0.0.1', '-p', String(port)];
    this.child = spawn(binary, [...listen, '-js', '-sd', this.home], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
  }

  /** @param port -1 for a free one */
  static async start(port: number): Promise<NatsProcess> {
    const server = new NatsProcess(findBinary(), port);
    await until(
      () => server.log.includes('Server is ready'),
      'nats-server',
      () => server.log,
    );
    return server;
  }

  get url(): string {
    const [, port = ''] = /client connections on [^ ]*:(\d+)/.exec(this.log) ?? [];
    return `nats://127.0.0.1:${port}`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  stop(): void {
    // Its data is not needed, so it needs no graceful shutdown.
    this.child.kill('SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** `NATS_SERVER_BIN`, the toolchain of `make`, or PATH. */
function findBinary(): string {
  const wanted = process.env['NATS_SERVER_BIN'];
  const paths = (process.env['PATH'] ?? '').split(delimiter);
  const places = [
    ...(wanted ? [wanted] : []),
    join('.toolchain', 'bin', 'nats-server'),
    ...paths.map((path) => join(path, 'nats-server')),
  ];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) {
    throw new Error('nats-server was not found: run `make start` once, or set NATS_SERVER_BIN');
  }
  return found;
}
