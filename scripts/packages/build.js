import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildConsole } from '../build/console-page.js';
import { Failure } from '../failure.js';
import { importIssues, needlessPackages } from './imports.js';
import { LIBRARIES, PACKAGES } from './names.js';

/**
 * Puts each library together as it is published: compiled ES modules with types, manifest, license.
 * `@nuts/…` stays as it is in the sources: behind the aliases it is the packages' own name.
 */
export function buildPackages() {
  rmSync(PACKAGES, { recursive: true, force: true });
  run('tsc', ['-p', 'tsconfig.packages.json'], 'The libraries do not compile.');
  return LIBRARIES.map((library) => {
    const folder = join(PACKAGES, library);
    mkdirSync(folder);
    cpSync(join(PACKAGES, '.compiled', library, 'src'), join(folder, 'dist'), { recursive: true });
    for (const file of ['package.json', 'README.md']) {
      cpSync(join('libs', library, file), join(folder, file));
    }
    cpSync('LICENSE', join(folder, 'LICENSE'));
    check(library, folder);
    // After the check, which looks at what Node imports.
    if (library === 'console') buildConsole(join(folder, 'dist', 'page'));
    return folder;
  });
}

/** Makes the tarballs, and returns their paths. */
export function packPackages(folders) {
  return folders.map((folder) => {
    const output = run('npm', ['pack', '--json', '--pack-destination', PACKAGES, `./${folder}`]);
    const [packed] = Object.values(JSON.parse(output));
    return join(PACKAGES, packed.filename);
  });
}

function check(library, folder) {
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  const manifest = read(join(folder, 'package.json'));
  const { version } = read('package.json');
  const issues = [
    ...importIssues(folder, manifest),
    ...needlessPackages(folder, manifest).map((name) => `${name} is declared and not imported`),
    ...(manifest.version === version ? [] : [`its version is not ${version}`]),
  ];
  if (issues.length === 0) return;
  throw new Failure(
    `@nuts/${library} cannot be packed:\n  ${issues.join('\n  ')}`,
    `correct libs/${library}/package.json, or the imports`,
  );
}

function run(program, parameters, failure = `${program} failed.`) {
  const { status, error, stdout } = spawnSync(program, parameters, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error === undefined && status === 0) return stdout;
  throw new Failure(`${failure}\n${stdout}`, 'see the output above');
}
