import { spawn } from 'node:child_process';

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * One command that must succeed. Its output is shown when it fails, or as it comes when `live`. With a
 * `fingerprint` it is left out while nothing has changed since it last succeeded.
 */
export class Step {
  /** Undefined until it has run. */
  passed;

  constructor(name, command, args, { live = false, fingerprint } = {}) {
    this.name = name;
    this.command = command;
    this.args = args;
    this.live = live;
    this.fingerprint = fingerprint;
  }

  async run() {
    if (this.fingerprint?.isUnchanged) {
      console.log(`✓ ${this.name} (nothing has changed since it passed)`);
      return (this.passed = true);
    }
    const began = performance.now();
    console.log(`… ${this.name}`);
    const { code, output } = await this.#spawn();
    this.passed = code === 0;
    if (this.passed) this.fingerprint?.keep();
    if (!this.passed && output) console.log(output.trimEnd());
    console.log(`${this.passed ? '✓' : '✗'} ${this.name} (${seconds(began)})`);
    return this.passed;
  }

  #spawn() {
    return new Promise((resolve) => {
      const child = spawn(this.command, this.args, {
        stdio: this.live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text) => (output += text));
      }
      child.once('error', ({ message }) => resolve({ code: 1, output: message }));
      child.once('close', (code) => resolve({ code, output }));
    });
  }
}

/** Runs steps one after the other. */
export async function inTurn(...steps) {
  for (const step of steps) await step.run();
}
