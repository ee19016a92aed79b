import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What the package may weigh, its React part aside (contract §12). */
const LIMIT = 8 * 1024;

describe('the size of the core', () => {
  it('is at most 8 KB, minified and compressed', async () => {
    const { outputFiles } = await build({
      entryPoints: ['libs/client/src/index.ts'],
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      write: false,
    });
    const code = outputFiles[0]?.contents ?? new Uint8Array();
    expect(code.length).toBeGreaterThan(LIMIT);
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(LIMIT);
  });

  it('holds no package', async () => {
    const { metafile } = await build({
      entryPoints: ['libs/client/src/index.ts'],
      bundle: true,
      metafile: true,
      write: false,
    });
    const outside = Object.keys(metafile.inputs).filter((file) => !file.startsWith('libs/client/'));
    expect(outside).toEqual([]);
  });
});
