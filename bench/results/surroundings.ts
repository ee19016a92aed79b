import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Surroundings } from './results.interface.js';

/** The machine and the versions; read before the load starts. */
export function machine(): Pick<
  Surroundings,
  'date' | 'cpu' | 'cores' | 'loadBefore' | 'memoryGigabytes' | 'system' | 'node' | 'revision'
> {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 16),
    cpu: processors[0]?.model.trim() ?? '',
    cores: processors.length,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    memoryGigabytes: Math.round(totalmem() / 1e9),
    system: `${type()} ${release().split('.', 2).join('.')}`,
    node: process.version,
    revision: revision(),
  };
}

/** Empty outside a git clone. */
function revision(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed = git('status', '--porcelain', '--', 'src', 'libs', 'package.json') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return '';
  }
}
