import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { FakeHub } from '../fake-hub.fixture.js';

/** The exports of `rendered.fixture.ts`, bundled with a version of React. */
interface Rendered {
  readonly version: string;
  render(url: string): string;
  renderWithoutProvider(): string;
}

const FIXTURE = 'libs/client/src/react/rendered.fixture.ts';

describe.each([
  ['18', { react: 'react-18', 'react-dom': 'react-dom-18' }, 'react-18'],
  ['19', {}, 'react'],
] as const)('the hooks on React %s', (major, alias, types) => {
  let rendered: Rendered;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nuts-react-'));
    const outfile = join(folder, 'rendered.cjs');
    const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' } as const;
    await build({ ...options, entryPoints: [FIXTURE], outfile, alias });
    rendered = createRequire(import.meta.url)(outfile) as Rendered;
    rmSync(folder, { recursive: true });
    expect(rendered.version.split('.')[0]).toBe(major);
  });

  it('render on a server without opening a connection', async () => {
    const server = await FakeHub.start();
    try {
      const html = rendered.render(server.url);
      expect(html).toBe('<p>0 messages, closed, false, nothing, closed, 0 replies</p>');
      await new Promise((resolve) => setImmediate(resolve));
      expect(server.requests).toHaveLength(0);
    } finally {
      await server.stop();
    }
  });

  it('report a missing provider', () => {
    expect(() => rendered.renderWithoutProvider()).toThrow('<NutsProvider hub={…}>');
  });

  it('compile against their types', () => {
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file)).config,
      ts.sys,
      process.cwd(),
    );
    const paths = { ...options.paths, react: [`./node_modules/@types/${types}/index.d.ts`] };
    const program = ts.createProgram(['libs/client/src/react/index.ts'], {
      ...options,
      paths,
      noEmit: true,
    });
    const used = program.getSourceFiles().map(({ fileName }) => fileName);
    expect(used.some((file) => file.endsWith(`/@types/${types}/index.d.ts`))).toBe(true);
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
  }, 60_000);
});
