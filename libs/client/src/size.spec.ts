import { brotliCompressSync, gzipSync } from 'node:zlib';
import { basename } from 'node:path';
import { build, type BuildResult } from 'esbuild';

/** The maximum size of the package without its React part (contract §12). */
const LIMIT = 8 * 1024;
/** What `share: true` loads on top. */
const SHARE_LIMIT = 2.5 * 1024;

/** Bundles like an application: code that is loaded on demand is in a separate file. */
function bundle(): Promise<BuildResult<{ write: false; metafile: true }>> {
  return build({
    entryPoints: ['libs/client/src/index.ts'],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: 'out',
    write: false,
    metafile: true,
  });
}

describe('the size of the core', () => {
  it('is at most 8 KB, minified and compressed; sharing between tabs is loaded on demand', async () => {
    const { outputFiles, metafile } = await bundle();
    const atOnce = Object.entries(metafile.outputs)
      .filter(([name]) => name.endsWith('/index.js'))
      .flatMap(([name, { imports }]) => [
        name,
        ...imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path),
      ])
      .map((name) => basename(name));
    let [core, onDemand] = [0, 0];
    for (const { path, contents } of outputFiles) {
      const isCore = atOnce.includes(basename(path));
      const bytes = Math.max(
        gzipSync(contents, { level: 9 }).length,
        brotliCompressSync(contents).length,
      );
      if (isCore) core += bytes;
      else onDemand += bytes;
    }
    expect(core).toBeGreaterThan(LIMIT / 4);
    expect(core).toBeLessThanOrEqual(LIMIT);
    expect(onDemand).toBeGreaterThan(0);
    expect(onDemand).toBeLessThanOrEqual(SHARE_LIMIT);
  });

  it('includes no dependencies', async () => {
    const { metafile } = await bundle();
    const outside = Object.keys(metafile.inputs).filter((file) => !file.startsWith('libs/client/'));
    expect(outside).toEqual([]);
  });
});
