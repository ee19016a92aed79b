import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';

const SOURCE = 'console';

/**
 * Builds the console's page into a folder: `index.html`, and `assets/` with names that change with their
 * content. Returns the files' names and sizes.
 */
export function buildConsole(folder) {
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = buildSync({
    entryPoints: {
      console: join(SOURCE, 'src', 'main.ts'),
      icon: join(SOURCE, 'icon.svg'),
    },
    outdir: join(folder, 'assets'),
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    loader: { '.svg': 'copy' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    metafile: true,
    tsconfig: join(SOURCE, 'tsconfig.json'),
    legalComments: 'none',
    logLevel: 'warning',
  });
  const names = Object.keys(metafile.outputs).map((file) => basename(file));
  const html = readFileSync(join(SOURCE, 'index.html'), 'utf8').replace(
    /\{\{(script|style|icon)\}\}/g,
    (_, kind) => `{{folder}}assets/${nameOf(kind, names)}`,
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), html);
}

const PATTERNS = {
  script: /^console-.*\.js$/,
  style: /^console-.*\.css$/,
  icon: /^icon-.*\.svg$/,
};

function nameOf(kind, names) {
  const name = names.find((each) => PATTERNS[kind].test(each));
  if (name === undefined) throw new Error(`the console has no ${kind}: ${names.join(', ')}`);
  return name;
}
