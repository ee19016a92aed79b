import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { disposeAtEnd } from '../support/disposal.js';

/** Replacements for packages that the page imports. */
export type Aliases = Readonly<Record<string, string>>;

/**
 * Bundles a script, and serves a page with it and an empty `#root` on a free port. Returns the origin.
 * Ends with the test file.
 */
export async function serveBundledPage(script: string, alias: Aliases = {}): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [script],
    alias,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"development"' },
    logLevel: 'error',
    write: false,
  });
  const code = outputFiles[0]?.text ?? '';
  const html = '<!doctype html><div id="root"></div><script type="module" src="/page.js"></script>';
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js';
    const type = isScript ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
    response.end(isScript ? code : html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  disposeAtEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
