import { build } from 'esbuild';

/** The client as a classic script, which defines `nuts`. */
export async function bundleClient(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['libs/client/src/index.ts'],
    bundle: true,
    format: 'iife',
    globalName: 'nuts',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
