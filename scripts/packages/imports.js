import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { PLATFORM } from './names.js';

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(\s*|^import\s*)(['"])([^'"\n]+)\1/gm;

/** Every file below a folder whose name ends so, relative to the working directory. */
export function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

/**
 * What is wrong with the imports of a built package: a package that its manifest does not name, or a
 * relative path that is not inside. Types may come from `@types/…`.
 */
export function importIssues(folder, manifest) {
  const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  return [...filesBelow(folder, '.js'), ...filesBelow(folder, '.d.ts')].flatMap((file) => {
    const known = (name) =>
      declared.has(name) || (file.endsWith('.d.ts') && declared.has(`@types/${name}`));
    return specifiersOf(file).flatMap((specifier) => {
      if (specifier.startsWith('.')) {
        const inside = !relative(folder, resolve(dirname(file), specifier)).startsWith('..');
        return inside ? [] : [`${file}: ${specifier} is outside the package`];
      }
      if (isBuiltin(specifier) || known(packageOf(specifier))) return [];
      return [`${file}: ${specifier} is not in the manifest`];
    });
  });
}

/** Names of packages that a manifest declares and no file imports. */
export function needlessPackages(folder, manifest) {
  const files = [...filesBelow(folder, '.js'), ...filesBelow(folder, '.d.ts')];
  const used = new Set(files.flatMap(specifiersOf).map(packageOf));
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
    (name) => !used.has(name.replace('@types/', '')) && !PLATFORM.includes(name),
  );
}

function specifiersOf(file) {
  return [...readFileSync(file, 'utf8').matchAll(SPECIFIER)].map(([, , specifier]) => specifier);
}

function packageOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
