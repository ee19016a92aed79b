import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { disposeAtEnd } from '../support/disposal.js';
import { startNats } from '../support/nats/index.js';
import { StreamAdmin } from '../e2e/nats/stream-admin.js';

const run = promisify(execFile);

/** Applications outside this repository, so that its own packages are not resolved. */
const home = mkdtempSync(join(tmpdir(), 'nuts-scratch-'));
let tarballs: string[];

beforeAll(async () => {
  disposeAtEnd(() => rmSync(home, { recursive: true, force: true }));
  const { stdout } = await run('node', ['scripts/pack-libs.js']);
  tarballs = stdout.trim().split('\n');
});

it('each library is packed with its types, manifest and license, and nothing else', async () => {
  expect(tarballs.map((file) => /nuts-([a-z]+)-[\d.]+\.tgz$/.exec(file)?.[1])).toEqual([
    'nats',
    'metrics',
    'auth',
    'health',
    'writing',
    'requests',
    'streaming',
    'publishing',
    'fleet',
    'client',
    'console',
  ]);
  for (const tarball of tarballs) {
    const files = (await run('tar', ['-tzf', tarball])).stdout.trim().split('\n');
    const page = /^package\/dist\/page\/(index\.html|assets\/\w+-[A-Z0-9]+\.(css|svg))$/;
    const others = files.filter(
      (file) => !/^package\/dist\/.+\.(js|d\.ts|js\.map)$/.test(file) && !page.test(file),
    );
    expect(others.sort()).toEqual(['package/LICENSE', 'package/README.md', 'package/package.json']);
    expect(files).toEqual(expect.arrayContaining(['package/dist/index.js']));
    expect(files.filter((file) => /\.(spec|fixture)\./.test(file))).toEqual([]);
  }
});

describe.each([
  ['Nest 11, CommonJS', 'nest-11', 11],
  ['Nest 12, ES modules', 'nest-12', 12],
])('an application on %s', (_, name, major) => {
  const folder = join(home, name);
  const inFolder = { cwd: folder };

  it('compiles against the types of the tarballs, and streams beside its global providers', async () => {
    const nats = await startNats();
    const admin = await StreamAdmin.connect({ servers: nats.url });
    disposeAtEnd(() => admin.close());
    await admin.createStream({ name: 'EVENTS' });

    cpSync('test/packages/scratch', folder, { recursive: true });
    renameSync(join(folder, `package.${name}.json`), join(folder, 'package.json'));
    const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    await run('npm', [...install, ...tarballs.map((file) => resolve(file))], inFolder);
    const { version } = JSON.parse(
      readFileSync(join(folder, 'node_modules/@nestjs/core/package.json'), 'utf8'),
    ) as { version: string };
    expect(version.split('.')[0]).toBe(String(major));
    await run('node', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.scratch.json'], inFolder);
    const env = { PATH: process.env['PATH'], NATS_URL: nats.url };
    const { stdout } = await run('node', ['out/main.js'], { ...inFolder, env, timeout: 60_000 });
    expect(stdout.trim().split('\n').at(-1)).toBe('streamed');
  });

  it('cannot import internal files of a package', async () => {
    const inside = `import('@nuts/streaming/dist/hub/hub.js').then(() => process.exit(1), (error) => console.log(error.code))`;
    const { stdout } = await run('node', ['-e', inside], inFolder);
    expect(stdout).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });
});
