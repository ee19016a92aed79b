import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'running.json';

/** What a running `make start` wrote down; undefined when none runs with this folder. */
export function readRunning(folder) {
  try {
    const record = JSON.parse(readFileSync(join(folder, FILE), 'utf8'));
    process.kill(record.pid, 0);
    return record;
  } catch {
    return undefined;
  }
}

/** Writes down where everything runs, for `npm run publish` and for a second start. */
export function writeRunning(folder, record) {
  writeFileSync(join(folder, FILE), JSON.stringify({ pid: process.pid, ...record }));
}

/** Forgets it. */
export function removeRunning(folder) {
  rmSync(join(folder, FILE), { force: true });
}
