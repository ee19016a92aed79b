import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly exports: object;
  readonly files: string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const read = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8')) as Manifest;
const root = read('package.json');
const libraries = readdirSync('libs', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The packages that the published sources of a library import. */
function importedPackages(library: string): string[] {
  const sources = readdirSync(join('libs', library, 'src'), {
    recursive: true,
    encoding: 'utf8',
  }).filter((name) => name.endsWith('.ts') && !/\.(spec|fixture)\.ts$/.test(name));
  const specifiers = sources.flatMap((name) => {
    const text = readFileSync(join('libs', library, 'src', name), 'utf8');
    return [...text.matchAll(/(?:\bfrom|\bimport\()\s*'([^'.][^']*)'/g)].map((match) => match[1]);
  });
  const packages = specifiers
    .filter((specifier) => specifier !== undefined && !isBuiltin(specifier))
    .map((specifier = '') => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));
  return [...new Set(packages)].sort();
}

describe.each(libraries)('the package of %s', (library) => {
  const manifest = read(join('libs', library, 'package.json'));
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };

  it('lists every package that it imports, and no other', () => {
    // Types only, and what it runs on.
    const known = Object.keys(declared)
      .map((name) => name.replace('@types/', ''))
      .filter((name) => name !== '@nestjs/platform-express');
    expect(known.sort()).toEqual(importedPackages(library));
  });

  it('has the common version, and dependency versions that this repository is tested with', () => {
    expect(manifest).toMatchObject({ name: `@nuts/${library}`, version: root.version });
    for (const [name, range] of Object.entries(declared)) {
      if (name.startsWith('@nuts/')) {
        expect(range).toBe(`^${root.version}`);
        continue;
      }
      const { version } = read(join('node_modules', name, 'package.json'));
      // Older majors are for test/packages, which installs them.
      const majors = range.split(' || ').map((each) => each.slice(1).split('.')[0]);
      expect([name, majors.at(-1)]).toEqual([name, version.split('.')[0]]);
    }
  });

  it('declares packages that must exist once as peer dependencies', () => {
    const once = Object.keys(manifest.dependencies ?? {}).filter(
      (name) => /^(@nuts\/|rxjs$)/.test(name) || /^@nestjs\/(common|core|platform)/.test(name),
    );
    expect(once).toEqual([]);
  });

  it('is an ES module with one entry point, the client with a second one for React', () => {
    const react = { types: './dist/react/index.d.ts', default: './dist/react/index.js' };
    expect(manifest.type).toBe('module');
    expect(manifest.files).toEqual(['dist']);
    expect(manifest.exports).toEqual({
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      ...(library === 'client' && { './react': react }),
      './package.json': './package.json',
    });
  });
});
