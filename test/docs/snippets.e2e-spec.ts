import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The pages whose snippets are complete modules. */
const PAGES = ['docs/extending.md', 'docs/extending-ports.md', 'docs/console.md'];

interface Snippet {
  /** A virtual file next to the page: imports are resolved as in the repository. */
  readonly file: string;
  readonly text: string;
}

/** Snippets keep their line in the page, so that an error names the line to look at. */
function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match, index) => {
    const before = text.slice(0, match.index).split('\n').length;
    const file = join(process.cwd(), `${page}.${index}.ts`);
    return { file, text: '\n'.repeat(before) + (match[1] ?? '') };
  });
}

function issuesIn(snippets: readonly Snippet[]): string[] {
  const parsed = ts.getParsedCommandLineOfConfigFile(
    'tsconfig.json',
    { noEmit: true, noUnusedLocals: false, types: ['node'] },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const options = parsed?.options ?? {};
  const host = ts.createCompilerHost(options);
  const texts = new Map(snippets.map(({ file, text }) => [file, text]));
  const onDisk = {
    getSourceFile: host.getSourceFile.bind(host),
    fileExists: host.fileExists.bind(host),
  };
  host.fileExists = (file) => texts.has(file) || onDisk.fileExists(file);
  host.getSourceFile = (file, languageVersion) => {
    const text = texts.get(file);
    return text === undefined
      ? onDisk.getSourceFile(file, languageVersion)
      : ts.createSourceFile(file, text, languageVersion);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : ts.getLineAndCharacterOfPosition(file, start).line + 1;
    return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

it('the snippets of the documentation compile, and an invalid one would be reported', () => {
  const snippets = PAGES.flatMap(snippetsOf);
  expect(snippets.length).toBeGreaterThan(8);
  const wrong: Snippet = {
    file: join(process.cwd(), 'docs/wrong.ts'),
    text: `import { HubLinks } from '@nuts/streaming';\nexport const links = HubLinks;\n`,
  };
  expect(issuesIn([...snippets, wrong])).toEqual([expect.stringContaining('docs/wrong.ts:1')]);
}, 60_000);
