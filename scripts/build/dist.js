import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.js';

const STAMP = 'dist/.built';
const SOURCES = [
  'src',
  'libs',
  'console',
  'scripts/build/console.js',
  'scripts/build/console-page.js',
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** Names, sizes and times of all sources: it changes with every edit, and with a deletion too. */
function fingerprint() {
  const files = SOURCES.flatMap((source) =>
    statSync(source).isDirectory()
      ? readdirSync(source, { recursive: true }).map((file) => join(source, file))
      : [source],
  );
  return files
    .sort()
    .map((file) => ({ file, stat: statSync(file) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ file, stat }) => `${file} ${stat.size} ${stat.mtimeMs}`)
    .join('\n');
}

/** True when `dist/` is what the sources say. */
export function isBuilt() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
}

/** Builds the service unless nothing has changed since the last time. */
export function build() {
  if (isBuilt()) return;
  console.error('… building the service');
  const began = performance.now();
  const before = fingerprint();
  const { status, error } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  if (error) throw new Failure('npm could not be started.', 'install Node.js with npm');
  if (status !== 0) throw new Failure('The build failed.', 'correct the errors above');
  writeFileSync(STAMP, before);
  console.error(`✓ built the service (${((performance.now() - began) / 1000).toFixed(1)} s)`);
}
