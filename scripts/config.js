// Runs a command of the service from its built form, and builds first when that is out of date:
//   node scripts/config.js check [file.yaml]
//   node scripts/config.js schema
//   node scripts/config.js openapi [file.yaml]
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command = '', ...args] = process.argv.slice(2);
const folder = command === 'openapi' ? 'openapi' : 'config';
const built = join(root, 'dist/src', folder, 'cli', `${command}.js`);

function newest(folder) {
  const entries = readdirSync(folder, { recursive: true });
  return Math.max(...entries.map((entry) => statSync(join(folder, entry)).mtimeMs));
}

function run(file, ...words) {
  const { status } = spawnSync(process.execPath, [file, ...words], { stdio: 'inherit' });
  return status ?? 1;
}

const source = join(root, 'src');
// A production image has neither the source nor the compiler: what is built there is what runs.
const stale = () => !existsSync(built) || statSync(built).mtimeMs < newest(source);
if (existsSync(source) && stale()) {
  process.stderr.write('building first …\n');
  const status = run(join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build');
  if (status !== 0) process.exit(status);
}
process.exitCode = run(built, ...args);
