import { spawn } from 'node:child_process';
import { once } from 'node:events';

// When this script dies without a word (SIGKILL), the pipe closes and the guard ends the child.
const GUARD = `trap '' INT TERM HUP; read -r word; [ "$word" = released ] || kill -TERM "$1"`;

/**
 * A process that this script has started, in a group of its own: a Ctrl-C at the terminal reaches
 * only the script, which ends its children in the right order.
 */
export class Child {
  /** Resolves to `{ code, signal }` when the process is over. */
  exited;
  output = '';
  over = false;

  constructor(name, command, args, { env = process.env, onText } = {}) {
    this.name = name;
    this.process = spawn(command, args, {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.output = (this.output + text).slice(-20_000);
        onText?.(text);
      });
    }
    this.exited = new Promise((resolve) => {
      this.process.once('error', (error) => resolve({ error }));
      this.process.once('close', (code, signal) => resolve({ code, signal }));
    }).finally(() => {
      this.over = true;
      this.guard?.stdin.end('released\n');
    });
    if (this.process.pid !== undefined) this.startGuard(this.process.pid);
  }

  /** Resolves to the first match of a pattern in the output; undefined when the process ends first. */
  async printed(pattern) {
    for (;;) {
      const match = pattern.exec(this.output);
      if (match || this.over) return match ?? undefined;
      const { stdout, stderr } = this.process;
      const turn = new AbortController();
      const { signal } = turn;
      await Promise.race([
        once(stdout, 'data', { signal }),
        once(stderr, 'data', { signal }),
        this.exited,
      ]).finally(() => turn.abort());
    }
  }

  /** SIGTERM, and SIGKILL when that has not helped after `patienceMs`. */
  async stop(patienceMs = 15_000) {
    if (this.over) return;
    this.process.kill('SIGTERM');
    const impatience = setTimeout(() => this.process.kill('SIGKILL'), patienceMs);
    await this.exited;
    clearTimeout(impatience);
  }

  startGuard(pid) {
    this.guard = spawn('/bin/sh', ['-c', GUARD, 'guard', String(pid)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.guard.stdin.on('error', () => undefined);
    this.guard.unref();
  }
}
